"""Define the invented business of the samples and generate the sentences of its posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ayrframe._sandbox.synthetic.rng import NamedRng


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its season; without a season it is available all year."""

    name: str
    price: str
    emoji: str
    season: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """The account that posts. Site and handle end in `.example`, a domain reserved for examples."""

    name: str
    handle: str
    site: str
    products: tuple[Product, ...]
    tags: tuple[str, ...]
    people: tuple[str, ...]


BRAND = Brand(
    name="Quillfern Bakery",
    handle="quillfern.example",
    site="https://quillfern.example",
    products=(
        Product("sourdough loaf", "$7.50", "🍞"),
        Product("cardamom bun", "$3.80", "🌀"),
        Product("rye with walnuts", "$6.90", "🌰", "autumn"),
        Product("flat white", "$4.20", "☕"),
        Product("cold brew", "$4.50", "🧊", "summer"),
        Product("pumpkin focaccia", "$5.40", "🎃", "autumn"),
        Product("strawberry tart", "$4.90", "🍓", "summer"),
        Product("rhubarb danish", "$4.30", "🥐", "spring"),
        Product("hot cross bun", "$2.60", "🐣", "spring"),
        Product("gingerbread", "$3.20", "🎄", "winter"),
        Product("orange and almond cake", "$4.70", "🍊", "winter"),
        Product("crème brûlée croissant", "$4.60", "🔥"),
        Product("house espresso beans", "$14", "🫘"),
        Product("smørrebrød", "$8.90", "🥪"),
    ),
    tags=("bakery", "sourdough", "freshbread", "quillfern", "coffee", "smallbusiness", "pâtisserie", "baking"),
    people=(
        "Ada Sample",
        "Ben Placeholder",
        "Chloé Exemple",
        "Davide Esempio",
        "Eřika Vzorová",
        "Frej Prøve",
        "Günther Muster",
        "Hana 例",
        "Inês Amostra",
        "Jamal مثال",
    ),
)

THEMES: dict[str, tuple[str, ...]] = {
    "season": (
        "It smells of {season} in here: the first {product} of the year is ready {emoji}",
        "{Season} on a plate. Our {product} is back, for a few weeks only.",
        "Rainy {season} morning, warm {product}. We open at seven {emoji}",
        "The {season} menu is up, and the {product} leads it.",
    ),
    "product": (
        "Three days of work, one plate: {product} {emoji}",
        "How our {product} is made, from flour to counter.",
        "Today's bake: {product}. First come, first served!",
        "Some call it {product}. We call it breakfast {emoji}",
        "New on the shelf: {product}, {price} each.",
    ),
    "question": (
        "Toasted or not? Tell us how you eat your {product} 👇",
        "Which one stays on the menu: the {product} or the {other}?",
        "What should we bake on Saturday? {emoji}",
        "Be honest: how many times a week is {product} too often?",
    ),
    "offer": (
        "Two for the price of one, today only: {product} {emoji}",
        "Order before six tonight and pick it up fresh tomorrow: {product} {emoji}",
        "A free refill with every {product} this week.",
        "Last hour of the day: everything left goes for half.",
    ),
    "people": (
        "Mira starts the ovens at three. This is her favourite: {product} {emoji}",
        "Five years at the counter today. Happy anniversary, Tomás! 🎉",
        "We visited the mill that grinds our flour, and came home with ideas: {product}, but better.",
        "Thank you: 1,000 orders of {product} in one {season}!",
    ),
}

# Texts that often break tools: dollar signs (LaTeX), first characters of spreadsheet formulas, joined emoji,
# right-to-left and East Asian scripts, markup, line breaks, backslashes.
EDGE_CASES = (
    "Two rolls and a coffee: $4.50 or $5 with oat milk. Until Sunday!",
    "=flour + water + time. That is the whole secret of our {product}.",
    "Meet the bakers 👩‍🍳👨🏽‍🍳 and the family behind the counter 👨‍👩‍👧‍👦 🏳️‍🌈",
    "خبز طازج كل صباح 🥖 أهلاً وسهلاً بكم في المخبز",
    "毎朝、焼きたてのパンをどうぞ。每天早上七点有新鲜面包。갓 구운 빵",
    'Bread <b>&</b> butter: a "sandwich" & nothing else <3',
    "Opening hours this week:\nMon-Fri 7-18\nSat 8-14\n\nSee you at the counter!",
    "+1 oven! From today we bake twice as much {product}.",
    "לחם טרי בכל בוקר, עם קפה ☕",
    "-10 % on everything that is left at five, every day",
    "@home bakers: our starter is free, bring a jar",
    "100% rye, 0% hurry: _slow_ is *good* \\ and so is butter",
)

# For platforms with long posts.
PARAGRAPHS = (
    "We have been asked so often that here is the long answer. Good bread needs four things, and three of them are "
    "time. The starter is fed the evening before, the dough rests through the night, and the loaves wait once more in "
    "their baskets while the oven heats.",
    "A word about prices, because you deserve one. Flour, butter and power cost a third more than two years ago. We "
    "kept the plain loaf where it was, made the fancy things a little dearer, and pay everybody at the counter better "
    "than before. Thank you for coming anyway.",
    "Behind every tray stands a list of people: the miller who calls when the grain is wet, the neighbour who lends us "
    "a van, the two students who wash up on Saturdays. None of them is ever in the picture, so this one is for them.",
)


def season_of(moment: datetime) -> str:
    """Return the season of a time on the northern hemisphere."""
    return ("winter", "spring", "summer", "autumn")[moment.month % 12 // 3]


def fill_template(template: str, rng: NamedRng, brand: Brand, moment: datetime) -> str:
    """Return a sentence about two products of the season."""
    season = season_of(moment)
    item, other = rng.sample([product for product in brand.products if product.season in ("", season)], 2)
    return template.format(
        season=season, Season=season.title(), product=item.name, other=other.name, price=item.price, emoji=item.emoji
    )
