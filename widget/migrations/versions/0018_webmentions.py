"""Webmentions

Mentions on other pages that came, and pages that were told of links to them.

Revision: 0018, after 0015
"""

from alembic import op
import sqlalchemy as sa


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'webmention',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('source', sa.String(length=2000), nullable=False),
        sa.Column('target', sa.String(length=2000), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('answer', sa.String(length=60), nullable=False),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('comment_id', _ID, nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('checked_at', sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'shown', 'refused', 'gone')", name=op.f('ck_webmention_state')),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_webmention_comment_id_comment'), ondelete='SET NULL'
        ),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_webmention_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webmention')),
        sa.UniqueConstraint('public_id', name=op.f('uq_webmention_public_id')),
        sa.UniqueConstraint('site_id', 'key', name=op.f('uq_webmention_site_id_key')),
    )
    for column in ('comment_id', 'checked_at'):
        op.create_index(op.f(f'ix_webmention_{column}'), 'webmention', [column])

    op.create_table(
        'told_mention',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('target', sa.String(length=2000), nullable=False),
        sa.Column('linked', sa.Boolean(), nullable=False),
        sa.Column('answer', sa.String(length=200), nullable=False),
        sa.Column('changed_at', sa.BigInteger(), nullable=False),
        sa.Column('told_at', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_told_mention_comment_id_comment'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_told_mention')),
        sa.UniqueConstraint('comment_id', 'key', name=op.f('uq_told_mention_comment_id_key')),
    )
    op.create_index(op.f('ix_told_mention_changed_at'), 'told_mention', ['changed_at'])


def downgrade() -> None:
    for table in ('told_mention', 'webmention'):
        op.drop_table(table)
