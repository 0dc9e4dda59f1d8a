"""Judging

Why a comment was let through or held, what finds texts that are almost the same, limits, and what decisions teach.

Revision: 0009, after 0008
"""

from alembic import op
import sqlalchemy as sa


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('comment', sa.Column('judged', sa.Text(), nullable=False, server_default='[]'))
    op.create_table(
        'fingerprint',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('value', _ID, nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_fingerprint')),
        _of_site('fingerprint'),
        _of_comment('fingerprint'),
    )
    op.create_index('ix_fingerprint_value', 'fingerprint', ['site_id', 'value', 'id'])
    op.create_index(op.f('ix_fingerprint_comment_id'), 'fingerprint', ['comment_id'])
    op.create_index(op.f('ix_fingerprint_created_at'), 'fingerprint', ['created_at'])
    op.create_table(
        'tally',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('key', sa.String(length=43), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tally')),
        sa.UniqueConstraint('key', name=op.f('uq_tally_key')),
    )
    op.create_index(op.f('ix_tally_expires_at'), 'tally', ['expires_at'])
    op.create_table(
        'word',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('token', _ID, nullable=False),
        sa.Column('spam', sa.Integer(), nullable=False),
        sa.Column('good', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_word')),
        sa.UniqueConstraint('site_id', 'token', name=op.f('uq_word_site_id_token')),
        _of_site('word'),
    )
    op.create_table(
        'lesson',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('spam', sa.Boolean(), nullable=False),
        sa.Column('tokens', sa.Text(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson')),
        sa.UniqueConstraint('comment_id', name=op.f('uq_lesson_comment_id')),
        _of_site('lesson'),
        _of_comment('lesson'),
    )
    op.create_index(op.f('ix_lesson_site_id'), 'lesson', ['site_id'])


def downgrade() -> None:
    for table in ('lesson', 'word', 'tally', 'fingerprint'):
        op.drop_table(table)
    op.drop_column('comment', 'judged')


def _of_site(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f'fk_{table}_site_id_site')
    return sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=name, ondelete='CASCADE')


def _of_comment(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f'fk_{table}_comment_id_comment')
    return sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=name, ondelete='CASCADE')
