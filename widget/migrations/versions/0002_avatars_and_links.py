"""Avatars and links

Copies of people's pictures, requests to link another account, and names by which people speak of their accounts.

Revision: 0002, after 0001
"""

import secrets

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'


def upgrade() -> None:
    op.create_table('avatar',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('hash', sa.String(length=40), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('small', sa.LargeBinary(), nullable=False),
    sa.Column('large', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avatar')),
    sa.UniqueConstraint('hash', name=op.f('uq_avatar_hash'))
    )
    op.create_table('link_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_link_request_site_id_site'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_link_request_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_request')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_link_request_secret_hash'))
    )
    op.create_index(op.f('ix_link_request_user_id'), 'link_request', ['user_id'])
    op.create_index(op.f('ix_link_request_expires_at'), 'link_request', ['expires_at'])
    # No batch here: making SQLite's table anew would drop it, and that deletes the sessions which refer to its rows.
    op.add_column('identity', sa.Column('public_id', sa.String(length=20), nullable=False, server_default=''))
    op.add_column('identity', sa.Column('picture', sa.String(length=40), nullable=True))
    op.add_column('identity', sa.Column('picture_at', sa.BigInteger(), nullable=True))
    identity = sa.table('identity', sa.column('id', sa.BigInteger), sa.column('public_id', sa.String))
    connection = op.get_bind()
    for row_id in connection.scalars(sa.select(identity.c.id)).all():
        public_id = ''.join(secrets.choice(_ALPHABET) for _ in range(20))
        connection.execute(identity.update().where(identity.c.id == row_id).values(public_id=public_id))
    op.create_index(op.f('ix_identity_public_id'), 'identity', ['public_id'], unique=True)
    op.create_index(op.f('ix_identity_picture'), 'identity', ['picture'])


def downgrade() -> None:
    op.drop_index(op.f('ix_identity_picture'), 'identity')
    op.drop_index(op.f('ix_identity_public_id'), 'identity')
    for name in ('picture_at', 'picture', 'public_id'):
        op.drop_column('identity', name)
    op.drop_table('link_request')
    op.drop_table('avatar')
