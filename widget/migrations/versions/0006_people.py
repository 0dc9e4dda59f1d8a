"""People

Who is blocked, and until when.

Revision: 0006, after 0005
"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_COLUMNS = ('blocked_at', 'blocked_until')


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column('user', sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column('user', name)
