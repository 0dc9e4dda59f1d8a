"""The newest comments of a thread

Feeds of a page are read by an index, however long the conversation is.

Revision: 0015, after 0012
"""

from alembic import op


revision = '0015'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_comment_thread', 'comment', ['thread_id', 'state', 'created_at', 'id'])


def downgrade() -> None:
    op.drop_index('ix_comment_thread', 'comment')
