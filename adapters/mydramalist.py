"""MyDramaList: the list as its API answers it, which is refused; the site has no export.

The API is a private beta (formats-western.md 2.15). An entry holds `rating` (1 to 10 in halves, 0 for none) and
the days of starting and finishing, but of its title nothing except MyDramaList's own number: neither name nor year
nor an id that anybody else knows.
"""

from __future__ import annotations

from importer.adapter import Adapter, Evidence, json_shape, marks, no_records

ENTRY = ("list_id", "episode_seen", "rating", "date_start", "date_finish")

SHAPES = (
    json_shape(
        name="list",
        required=marks("[].", *ENTRY),
        refusal="MyDramaList's entries name their titles by numbers that only it knows, so they cannot be carried. "
        "Write your list into a table with the columns rating (1 to 10), title, year and type.",
    ),
)


ADAPTER = Adapter(
    name="mydramalist",
    title="MyDramaList",
    shapes=SHAPES,
    parse=no_records,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="mydramalist.com has no export; a table of your own with rating, title, year and type can be read.",
)
