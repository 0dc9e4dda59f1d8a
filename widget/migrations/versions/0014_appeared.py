"""When comments appeared

The thread's version at which readers were shown a comment first, or again: what is let through late is told as new.

Revision: 0014, after 0011
"""

from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.add_column('comment', sa.Column('appeared', number, nullable=False, server_default='0'))


def downgrade() -> None:
    op.drop_column('comment', 'appeared')
