"""Answers by mail

The secret addresses that mails can be answered to, and which mails have come.

Revision: 0016, after 0015
"""

from alembic import op
import sqlalchemy as sa


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'reply_address',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('subscription_id', _ID, nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('staff', sa.Boolean(), nullable=False),
        sa.Column('version', sa.String(length=40), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['subscription_id'],
            ['subscription.id'],
            name=op.f('fk_reply_address_subscription_id_subscription'),
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_reply_address_comment_id_comment'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_address')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_reply_address_token_hash')),
    )
    for column in ('subscription_id', 'comment_id', 'expires_at'):
        op.create_index(op.f(f'ix_reply_address_{column}'), 'reply_address', [column])

    op.create_table(
        'arrival',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_arrival_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_arrival')),
        sa.UniqueConstraint('key', name=op.f('uq_arrival_key')),
    )
    for column in ('site_id', 'expires_at'):
        op.create_index(op.f(f'ix_arrival_{column}'), 'arrival', [column])


def downgrade() -> None:
    for table in ('arrival', 'reply_address'):
        op.drop_table(table)
