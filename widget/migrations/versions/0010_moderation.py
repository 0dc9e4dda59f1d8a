"""Moderation

How people stand (bans), what moderators approved and settled, who may do everything, and the log of all decisions: the
database itself refuses to change or delete what stands in it.

Revision: 0010, after 0009
"""

from alembic import op
import sqlalchemy as sa


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_ID: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_LOG = 'moderation_log'
_WORDS = 'the moderation log is only added to'


def _index(name: str, table: str, columns: list[str], where: str | None = None, *, unique: bool = False) -> None:
    some = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=some, postgresql_where=some)


def upgrade() -> None:
    op.create_table(
        'administrator',
        sa.Column('user_id', _ID, autoincrement=False, nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user_id'], ['user.id'], name=op.f('fk_administrator_user_id_user'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_administrator')),
    )
    op.add_column('comment', sa.Column('approved', sa.BigInteger(), nullable=True))
    op.add_column('comment', sa.Column('shadow', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('flag', sa.Column('settled_at', sa.BigInteger(), nullable=True))
    op.drop_index(op.f('ix_comment_user_id'), 'comment')
    _index('ix_comment_written', 'comment', ['user_id', 'id'])
    _index('ix_comment_flagged', 'comment', ['site_id', 'created_at', 'id'], 'flag_count > 0')
    op.create_table(
        'standing',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('user_id', _ID, nullable=False),
        sa.Column('site_id', _ID, nullable=True),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('until', sa.BigInteger(), nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('banned', 'shadowed', 'trusted')", name=op.f('ck_standing_kind')),
        sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_standing_site_id_site'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_standing_user_id_user'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standing')),
    )
    _index('uq_standing_site', 'standing', ['user_id', 'site_id'], 'site_id IS NOT NULL', unique=True)
    _index('uq_standing_server', 'standing', ['user_id'], 'site_id IS NULL', unique=True)
    _index('ix_standing_list', 'standing', ['site_id', 'id'])
    op.create_table(
        _LOG,
        sa.Column('id', _ID, autoincrement=False, nullable=False),
        sa.Column('site_id', _ID, nullable=True),
        sa.Column('actor_id', _ID, nullable=True),
        sa.Column('act', sa.String(length=32), nullable=False),
        sa.Column('comment_id', _ID, nullable=True),
        sa.Column('user_id', _ID, nullable=True),
        sa.Column('before', sa.Text(), nullable=False),
        sa.Column('after', sa.Text(), nullable=False),
        sa.Column('why', sa.String(length=500), nullable=False),
        sa.Column('batch', sa.String(length=20), nullable=True),
        sa.Column('undoes', _ID, nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_log')),
    )
    for name, column in (('site', 'site_id'), ('comment', 'comment_id'), ('person', 'user_id'), ('batch', 'batch')):
        _index(f'ix_moderation_log_{name}', _LOG, [column, 'id'])
    _index('ix_moderation_log_undoes', _LOG, ['undoes'])
    op.create_table(
        'moderation_log_head',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('last_id', _ID, nullable=False),
        sa.Column('last_hash', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_log_head')),
    )
    if op.get_context().dialect.name == 'sqlite':
        for event in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER {_LOG}_no_{event.lower()} BEFORE {event} ON {_LOG} '
                f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            )
    else:
        op.execute(
            f"CREATE FUNCTION {_LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
        )
        op.execute(
            f'CREATE TRIGGER {_LOG}_no_change BEFORE UPDATE OR DELETE ON {_LOG} '
            f'FOR EACH ROW EXECUTE FUNCTION {_LOG}_refuse()'
        )
        op.execute(
            f'CREATE TRIGGER {_LOG}_no_truncate BEFORE TRUNCATE ON {_LOG} '
            f'FOR EACH STATEMENT EXECUTE FUNCTION {_LOG}_refuse()'
        )


def downgrade() -> None:
    op.drop_table('moderation_log_head')
    op.drop_table(_LOG)
    if op.get_context().dialect.name != 'sqlite':
        op.execute(f'DROP FUNCTION {_LOG}_refuse()')
    op.drop_table('standing')
    op.drop_index('ix_comment_flagged', 'comment')
    op.drop_index('ix_comment_written', 'comment')
    op.create_index(op.f('ix_comment_user_id'), 'comment', ['user_id'])
    op.drop_column('flag', 'settled_at')
    for column in ('shadow', 'approved'):
        op.drop_column('comment', column)
    op.drop_table('administrator')
