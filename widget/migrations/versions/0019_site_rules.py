"""Rules about moved pages

A site whose pages have new addresses says so once, and conversations are found by both.

Revision: 0019, after 0015
"""

from alembic import op
import sqlalchemy as sa


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'site_rule',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('old', sa.String(length=1000), nullable=False),
        sa.Column('new', sa.String(length=1000), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_rule_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_site_rule')),
        sa.UniqueConstraint('public_id', name=op.f('uq_site_rule_public_id')),
        sa.UniqueConstraint('site_id', 'old', name=op.f('uq_site_rule_site_id_old')),
    )


def downgrade() -> None:
    op.drop_table('site_rule')
