"""Outbox

What is to be sent, who wants mail of what, whom a comment concerns, and which links of mails were used.

Revision: 0012, after 0014
"""

from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0014'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'outbox',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('key', sa.String(length=200), nullable=False),
        sa.Column('channel', sa.String(length=16), nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('site_id', _ID, nullable=True),
        sa.Column('person', sa.String(length=64), nullable=True),
        sa.Column('destination', sa.String(length=300), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('due_at', sa.BigInteger(), nullable=False),
        sa.Column('lease', sa.String(length=43), nullable=True),
        sa.Column('answer', sa.String(length=500), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('done_at', sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'parked')", name=op.f('ck_outbox_state')),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_outbox_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
        sa.UniqueConstraint('key', name=op.f('uq_outbox_key')),
        sa.UniqueConstraint('public_id', name=op.f('uq_outbox_public_id')),
    )
    op.create_index('ix_outbox_due', 'outbox', ['state', 'due_at'])
    op.create_index('ix_outbox_person', 'outbox', ['person', 'kind', 'created_at'])
    op.create_index(op.f('ix_outbox_site_id'), 'outbox', ['site_id'])

    op.create_table(
        'subscription',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('user_id', _ID, nullable=True),
        sa.Column('thread_id', _ID, nullable=True),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('key', sa.String(length=120), nullable=False),
        sa.Column('how', sa.String(length=16), nullable=False),
        sa.Column('email', sa.String(length=320), nullable=False),
        sa.Column('person', sa.String(length=64), nullable=False),
        sa.Column('lang', sa.String(length=20), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('confirmed_at', sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('replies', 'thread', 'mentions', 'published', 'owner', 'letter')",
            name=op.f('ck_subscription_kind'),
        ),
        sa.CheckConstraint(
            "how IN ('instantly', 'daily', 'weekly', 'off', 'site')", name=op.f('ck_subscription_how')
        ),
        sa.ForeignKeyConstraint(
            ['site_id'], ['site.id'], name=op.f('fk_subscription_site_id_site'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['thread_id'], ['thread.id'], name=op.f('fk_subscription_thread_id_thread'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['user.id'], name=op.f('fk_subscription_user_id_user'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
        sa.UniqueConstraint('public_id', name=op.f('uq_subscription_public_id')),
        sa.UniqueConstraint('site_id', 'key', name=op.f('uq_subscription_site_id_key')),
    )
    for column in ('user_id', 'thread_id', 'person'):
        op.create_index(op.f(f'ix_subscription_{column}'), 'subscription', [column])

    op.create_table(
        'notice',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('person', sa.String(length=64), nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('about', sa.String(length=16), nullable=False),
        sa.Column('reason', sa.String(length=16), nullable=False),
        sa.Column('subscription_id', _ID, nullable=False),
        sa.Column('how', sa.String(length=16), nullable=False),
        sa.Column('outbox_id', _ID, nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_notice_comment_id_comment'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['subscription_id'],
            ['subscription.id'],
            name=op.f('fk_notice_subscription_id_subscription'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
        sa.UniqueConstraint('person', 'comment_id', 'about', name=op.f('uq_notice_person_comment_id_about')),
    )
    op.create_index('ix_notice_waiting', 'notice', ['outbox_id', 'how'])
    op.create_index('ix_notice_recent', 'notice', ['person', 'created_at'])
    for column in ('comment_id', 'subscription_id'):
        op.create_index(op.f(f'ix_notice_{column}'), 'notice', [column])

    op.create_table(
        'used_link',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('link_hash', sa.String(length=64), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_used_link')),
        sa.UniqueConstraint('link_hash', name=op.f('uq_used_link_link_hash')),
    )
    op.create_index(op.f('ix_used_link_expires_at'), 'used_link', ['expires_at'])


def downgrade() -> None:
    for table in ('used_link', 'notice', 'subscription', 'outbox'):
        op.drop_table(table)
