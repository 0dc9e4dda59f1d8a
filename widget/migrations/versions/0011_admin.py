"""Desk

Links that make somebody administrator, sessions of the desk, and how many sign-ins each day had; changes of
conversations as a whole.

Revision: 0011, after 0010
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
    op.create_table('signin_day',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('site_id', _ID, nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_signin_day_site_id_site'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signin_day')),
    sa.UniqueConstraint('site_id', 'day', 'provider', name=op.f('uq_signin_day_site_id_day_provider'))
    )
    op.add_column('thread', sa.Column('merged_id', _ID, nullable=True))
    op.create_index(op.f('ix_thread_merged_id'), 'thread', ['merged_id'])
    op.create_table('thread_change',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('site_id', _ID, nullable=False),
    sa.Column('thread_id', _ID, nullable=True),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('entry', _ID, nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('undone_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_thread_change_site_id_site'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(
        ['thread_id'], ['thread.id'], name=op.f('fk_thread_change_thread_id_thread'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_change')),
    sa.UniqueConstraint('public_id', name=op.f('uq_thread_change_public_id'))
    )
    op.create_index(op.f('ix_thread_change_thread_id_id'), 'thread_change', ['thread_id', 'id'])
    op.create_index(op.f('ix_thread_change_site_id_id'), 'thread_change', ['site_id', 'id'])
    op.create_index('ix_reaction_created_at', 'reaction', ['created_at'])


def downgrade() -> None:
    op.drop_index('ix_reaction_created_at', 'reaction')
    op.drop_table('thread_change')
    op.drop_index(op.f('ix_thread_merged_id'), 'thread')
    op.drop_column('thread', 'merged_id')
    op.drop_table('signin_day')
    op.drop_index(op.f('ix_desk_session_expires_at'), 'desk_session')
    op.drop_index(op.f('ix_desk_session_user_id'), 'desk_session')
    op.drop_table('desk_session')
    op.drop_index(op.f('ix_setup_failure_created_at'), 'setup_failure')
    op.drop_table('setup_failure')
    op.drop_index(op.f('ix_setup_link_expires_at'), 'setup_link')
    op.drop_table('setup_link')
