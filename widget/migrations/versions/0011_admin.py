"""Desk

Who runs the whole server, the links that make somebody so, and sessions of the desk.

Revision: 0011, after 0008
"""

from alembic import op
import sqlalchemy as sa


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('setup_link',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_link')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_setup_link_secret_hash'))
    )
    op.create_index(op.f('ix_setup_link_expires_at'), 'setup_link', ['expires_at'])
    op.create_table('setup_failure',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_failure'))
    )
    op.create_index(op.f('ix_setup_failure_created_at'), 'setup_failure', ['created_at'])
    op.create_table('desk_session',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('identity_id', _ID, nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(
        ['identity_id'], ['identity.id'], name=op.f('fk_desk_session_identity_id_identity'), ondelete='CASCADE'
    ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_desk_session_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_desk_session_token_hash'))
    )
    op.create_index(op.f('ix_desk_session_user_id'), 'desk_session', ['user_id'])
    op.create_index(op.f('ix_desk_session_expires_at'), 'desk_session', ['expires_at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_desk_session_expires_at'), 'desk_session')
    op.drop_index(op.f('ix_desk_session_user_id'), 'desk_session')
    op.drop_table('desk_session')
    op.drop_index(op.f('ix_setup_failure_created_at'), 'setup_failure')
    op.drop_table('setup_failure')
    op.drop_index(op.f('ix_setup_link_expires_at'), 'setup_link')
    op.drop_table('setup_link')
