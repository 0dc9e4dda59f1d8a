"""Pictures

Pictures in comments, and which comment shows which.

Revision: 0007, after 0006
"""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'picture',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('hash', sa.String(length=40), nullable=False),
        sa.Column('type', sa.String(length=20), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
        sa.UniqueConstraint('hash', name=op.f('uq_picture_hash')),
    )
    op.create_table(
        'picture_use',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('comment_id', _ID, nullable=False),
        sa.Column('picture_id', _ID, nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_picture_use')),
        sa.ForeignKeyConstraint(
            ['comment_id'], ['comment.id'], name=op.f('fk_picture_use_comment_id_comment'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['picture_id'], ['picture.id'], name=op.f('fk_picture_use_picture_id_picture'), ondelete='CASCADE'
        ),
    )
    for column in ('comment_id', 'picture_id'):
        op.create_index(op.f(f'ix_picture_use_{column}'), 'picture_use', [column])


def downgrade() -> None:
    op.drop_table('picture_use')
    op.drop_table('picture')
