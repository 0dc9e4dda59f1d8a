"""Conversation

Reactions, reports, earlier texts, roles and mentions; ranks to sort by; what changed since a version.

Revision: 0005, after 0004
"""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _references(table: str, column: str, to: str, *, then: str = 'CASCADE') -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f'{to}.id'], name=op.f(f'fk_{table}_{column}_{to}'), ondelete=then)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
    )


def upgrade() -> None:
    for column in (
        sa.Column('site_id', _ID, nullable=False, server_default='0'),
        sa.Column('changed', _ID, nullable=False, server_default='0'),
        sa.Column('reactions', sa.Text(), nullable=False, server_default='{}'),
        sa.Column('best', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('flag_count', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('deleted_from', sa.String(length=16), nullable=True),
    ):
        op.add_column('comment', column)
    op.add_column('thread', sa.Column('reactions', sa.Text(), nullable=False, server_default='{}'))
    op.add_column('thread', sa.Column('pinned_id', _ID, nullable=True))
    op.add_column('idempotency', sa.Column('subject', sa.String(length=20), nullable=True))
    op.create_index(op.f('ix_idempotency_subject'), 'idempotency', ['subject'])
    op.execute(
        'UPDATE comment SET site_id = (SELECT site_id FROM thread WHERE thread.id = comment.thread_id), '
        'changed = CASE WHEN visible THEN (SELECT version FROM thread WHERE thread.id = comment.thread_id) ELSE 0 END'
    )
    for rank in ('best', 'reply_count'):
        op.create_index(
            f'ix_comment_roots_{rank}', 'comment', ['thread_id', rank, 'id'],
            sqlite_where=sa.text('parent_id IS NULL AND visible = 1'), postgresql_where=sa.text('parent_id IS NULL AND visible'),
        )
    op.create_index('ix_comment_changed', 'comment', ['thread_id', 'changed'])
    op.create_index('ix_comment_site', 'comment', ['site_id', 'state', 'created_at', 'id'])
    erasable = sa.text("deleted_at IS NOT NULL AND raw <> ''")
    op.create_index('ix_comment_erasable', 'comment', ['deleted_at'], sqlite_where=erasable, postgresql_where=erasable)
    _table(
        'reaction',
        sa.Column('user_id', _ID, nullable=False),
        sa.Column('identity_id', _ID, nullable=True),
        sa.Column('thread_id', _ID, nullable=False),
        sa.Column('comment_id', _ID, nullable=True),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        _references('reaction', 'user_id', 'user'),
        _references('reaction', 'identity_id', 'identity', then='SET NULL'),
        _references('reaction', 'thread_id', 'thread'),
        _references('reaction', 'comment_id', 'comment'),
    )
    for index, key, where in (
        ('uq_reaction_comment', 'comment_id', 'comment_id IS NOT NULL'),
        ('uq_reaction_page', 'thread_id', 'comment_id IS NULL'),
    ):
        op.create_index(
            index, 'reaction', [key, 'user_id'], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index('ix_reaction_recent', 'reaction', ['thread_id', 'comment_id', 'id'])
    op.create_index('ix_reaction_user_id', 'reaction', ['user_id', 'thread_id'])
    _table(
        'flag',
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('user_id', _ID, nullable=False),
        sa.Column('reason', sa.String(length=16), nullable=False),
        sa.Column('note', sa.String(length=1000), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reason IN ('spam', 'abuse', 'off_topic', 'illegal', 'other')", name=op.f('ck_flag_reason')),
        _references('flag', 'comment_id', 'comment'),
        _references('flag', 'user_id', 'user'),
        sa.UniqueConstraint('comment_id', 'user_id', name=op.f('uq_flag_comment_id_user_id')),
    )
    op.create_index(op.f('ix_flag_user_id'), 'flag', ['user_id'])
    _table(
        'revision',
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('raw', sa.Text(), nullable=False),
        sa.Column('markup', sa.String(length=16), nullable=False),
        sa.Column('html', sa.Text(), nullable=False),
        sa.Column('tree', sa.Text(), nullable=False),
        sa.Column('renderer', sa.Integer(), nullable=False),
        sa.Column('written_at', sa.BigInteger(), nullable=False),
        _references('revision', 'comment_id', 'comment'),
    )
    op.create_index(op.f('ix_revision_comment_id'), 'revision', ['comment_id'])
    _table(
        'role',
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('user_id', _ID, nullable=False),
        sa.Column('role', sa.String(length=16), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'moderator')", name=op.f('ck_role_role')),
        _references('role', 'site_id', 'site'),
        _references('role', 'user_id', 'user'),
        sa.UniqueConstraint('site_id', 'user_id', name=op.f('uq_role_site_id_user_id')),
    )
    op.create_index(op.f('ix_role_user_id'), 'role', ['user_id'])
    _table(
        'mention',
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('user_id', _ID, nullable=False),
        _references('mention', 'comment_id', 'comment'),
        _references('mention', 'user_id', 'user'),
        sa.UniqueConstraint('comment_id', 'user_id', name=op.f('uq_mention_comment_id_user_id')),
    )
    op.create_index(op.f('ix_mention_user_id'), 'mention', ['user_id'])


def downgrade() -> None:
    for table in ('mention', 'role', 'revision', 'flag', 'reaction'):
        op.drop_table(table)
    for part in ('erasable', 'site', 'changed', 'roots_reply_count', 'roots_best'):
        op.drop_index(f'ix_comment_{part}', 'comment')
    op.drop_index(op.f('ix_idempotency_subject'), 'idempotency')
    for table, columns in (
        ('idempotency', ('subject',)),
        ('thread', ('pinned_id', 'reactions')),
        ('comment', ('deleted_from', 'flag_count', 'best', 'reactions', 'changed', 'site_id')),
    ):
        for name in columns:
            op.drop_column(table, name)
