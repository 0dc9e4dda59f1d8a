"""Site version

Moves with every change of a site, so that ready answers know when they are not right any more.

Revision: 0008, after 0007
"""

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('site', sa.Column('version', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    op.drop_column('site', 'version')
