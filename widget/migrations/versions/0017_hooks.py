"""Hooks

Where events are told to, and what came of it.

Revision: 0017, after 0015
"""

from alembic import op
import sqlalchemy as sa


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'hook',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('site_id', _ID, nullable=True),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('label', sa.String(length=80), nullable=False),
        sa.Column('events', sa.JSON(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('stopped', sa.String(length=16), nullable=False),
        sa.Column('place', sa.String(length=300), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stopped IN ('', 'gone')", name=op.f('ck_hook_stopped')),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_hook_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook')),
        sa.UniqueConstraint('public_id', name=op.f('uq_hook_public_id')),
    )
    op.create_index(op.f('ix_hook_site_id'), 'hook', ['site_id'])

    op.create_table(
        'hook_try',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('hook_id', _ID, nullable=False),
        sa.Column('message', sa.String(length=40), nullable=False),
        sa.Column('event', sa.String(length=32), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('trouble', sa.String(length=16), nullable=False),
        sa.Column('answer', sa.String(length=500), nullable=False),
        sa.Column('milliseconds', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['hook_id'], ['hook.id'], name=op.f('fk_hook_try_hook_id_hook'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_try')),
    )
    op.create_index(op.f('ix_hook_try_hook_id_id'), 'hook_try', ['hook_id', 'id'])
    op.create_index(op.f('ix_hook_try_created_at'), 'hook_try', ['created_at'])


def downgrade() -> None:
    op.drop_table('hook_try')
    op.drop_table('hook')
