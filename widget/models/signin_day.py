"""How many sign-ins a site had on a day, by provider: a count, and nothing about who."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, PrimaryKey


class SigninDay(Model):
    """`day` counts the days since 1970 in UTC; `provider` is "guest" for those who only said who they are."""

    __tablename__ = "signin_day"
    __table_args__ = (UniqueConstraint("site_id", "day", "provider"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    day: Mapped[int]
    provider: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
