"""Account page

Sessions of the server's own account page, and sign-ins that no site's page began. Requests to link an account from a
site's page are gone with their table: that happens on the account page now.

Revision: 0004, after 0003
"""

from typing import Any

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# What a sign-in has only if a page began it.
_OF_PAGES: dict[str, sa.types.TypeEngine[Any]] = {
    'tx': sa.String(length=22),
    'site_id': _ID,
    'origin': sa.String(length=300),
    'return_to': sa.String(length=2000),
    'mode': sa.String(length=10),
    'challenge': sa.String(length=43),
}


def upgrade() -> None:
    op.create_table('account_session',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('identity_id', _ID, nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(
        ['identity_id'], ['identity.id'], name=op.f('fk_account_session_identity_id_identity'), ondelete='CASCADE'
    ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_account_session_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_session_token_hash'))
    )
    op.create_index(op.f('ix_account_session_user_id'), 'account_session', ['user_id'])
    op.create_index(op.f('ix_account_session_expires_at'), 'account_session', ['expires_at'])
    op.drop_table('link_request')
    # Sign-ins under way live ten minutes and nothing refers to them: SQLite may make their table anew.
    with op.batch_alter_table('login') as batch_op:
        for name, kind in _OF_PAGES.items():
            batch_op.alter_column(name, existing_type=kind, nullable=True)


def downgrade() -> None:
    op.execute('DELETE FROM login WHERE site_id IS NULL')
    with op.batch_alter_table('login') as batch_op:
        for name, kind in _OF_PAGES.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
    op.create_table('link_request',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('site_id', _ID, nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_link_request_site_id_site'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_link_request_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_request')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_link_request_secret_hash'))
    )
    op.create_index(op.f('ix_link_request_user_id'), 'link_request', ['user_id'])
    op.create_index(op.f('ix_link_request_expires_at'), 'link_request', ['expires_at'])
    op.drop_index(op.f('ix_account_session_expires_at'), 'account_session')
    op.drop_index(op.f('ix_account_session_user_id'), 'account_session')
    op.drop_table('account_session')
