"""Rules about moved pages

A site whose pages have new addresses says so once, and conversations are found by both. Reactions of people who are
shadow-banned have a table of their own, so that no count and no list can have them.

Revision: 0019, after 0015
"""

from alembic import op
import sqlalchemy as sa


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'site_rule',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('site_id', _ID, nullable=False),
        sa.Column('old', sa.String(length=1000), nullable=False),
        sa.Column('new', sa.String(length=1000), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_rule_site_id_site'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_site_rule')),
        sa.UniqueConstraint('public_id', name=op.f('uq_site_rule_public_id')),
        sa.UniqueConstraint('site_id', 'old', name=op.f('uq_site_rule_site_id_old')),
    )
    op.create_table(
        'unseen_reaction',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('user_id', _ID, nullable=False),
        sa.Column('thread_id', _ID, nullable=False),
        sa.Column('comment_id', _ID, nullable=True),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_unseen_reaction_comment_id_comment'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['thread_id'], ['thread.id'], name=op.f('fk_unseen_reaction_thread_id_thread'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['user.id'], name=op.f('fk_unseen_reaction_user_id_user'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unseen_reaction')),
    )
    op.create_index('ix_unseen_reaction_user_id', 'unseen_reaction', ['user_id', 'thread_id'])
    for column in ('thread_id', 'comment_id'):
        op.create_index(op.f(f'ix_unseen_reaction_{column}'), 'unseen_reaction', [column])


def downgrade() -> None:
    op.drop_table('unseen_reaction')
    op.drop_table('site_rule')
