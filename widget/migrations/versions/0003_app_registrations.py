"""App registrations

What servers that visitors named gave us when we registered there, and what a visitor typed to name one.

Revision: 0003, after 0002
"""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('app_registration',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('host', sa.String(length=260), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('client_secret', sa.Text(), nullable=False),
    sa.Column('redirect_uri', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('proven_at', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_app_registration')),
    sa.UniqueConstraint('provider', 'host', name=op.f('uq_app_registration_provider_host'))
    )
    op.create_index(op.f('ix_app_registration_expires_at'), 'app_registration', ['expires_at'])
    op.add_column('login', sa.Column('at', sa.String(length=300), nullable=True))


def downgrade() -> None:
    # Sign-ins under way live ten minutes and nothing refers to them: their table may be made anew.
    with op.batch_alter_table('login') as batch_op:
        batch_op.drop_column('at')
    op.drop_index(op.f('ix_app_registration_expires_at'), table_name='app_registration')
    op.drop_table('app_registration')
