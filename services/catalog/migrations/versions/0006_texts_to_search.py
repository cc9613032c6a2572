"""texts to search."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_POSTGRESQL = (
    """
    ALTER TABLE search_text ADD COLUMN document tsvector GENERATED ALWAYS AS (
        CASE language
            WHEN 'en' THEN setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'D')
            ELSE setweight(to_tsvector('dutch', title), 'A') || setweight(to_tsvector('dutch', body), 'D')
        END
    ) STORED
    """,
    "CREATE INDEX ix_search_text_document ON search_text USING gin (document)",
)
_FORGET = (
    "INSERT INTO search_index (search_index, rowid, title, body) VALUES ('delete', old.position, old.title, old.body)"
)
_KEEP = "INSERT INTO search_index (rowid, title, body) VALUES (new.position, new.title, new.body)"
_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5 (
        title, body, content = 'search_text', content_rowid = 'position', tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    f"CREATE TRIGGER search_text_kept AFTER INSERT ON search_text BEGIN {_KEEP}; END",
    f"CREATE TRIGGER search_text_forgotten AFTER DELETE ON search_text BEGIN {_FORGET}; END",
    f"CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN {_FORGET}; {_KEEP}; END",
)


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_search_text")),
    )
    op.create_index("ix_search_text_kind_id", "search_text", ["kind", "id"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
    op.drop_column("meeting", "search")


def downgrade() -> None:
    op.add_column("meeting", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_text")
