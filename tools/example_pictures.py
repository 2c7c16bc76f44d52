"""python tools/example_pictures.py: write the pictures of `examples/`, drawn here, as Chromium shows them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


class Drawing(NamedTuple):
    """Shapes on a ground, in a box of 240 by 240, or of 600 by 300 where it is wide."""

    ground: str
    shapes: str
    is_wide: bool = False


LAMP = """<path d="M84 96h72l24 60H60z" fill="#c9893b"/><path d="M84 96h36v60H60z" fill="#d99b4c"/>
<path d="M116 156h8v46h-8z" fill="#5a4632"/><rect x="88" y="200" width="64" height="10" rx="5" fill="#5a4632"/>
<circle cx="120" cy="158" r="9" fill="#fff2c9"/>"""
KETTLE = """<path d="M62 104h116l-14 92H76z" fill="#3f6f73"/><path d="M62 104h40l-8 92H76z" fill="#4f8185"/>
<path d="M76 104c0-26 88-26 88 0z" fill="#356064"/><circle cx="120" cy="78" r="8" fill="#2b4a4d"/>
<path d="M176 118l34-22 8 8-40 52z" fill="#3f6f73"/>
<path d="M64 116c-44 0-40 62 6 62" fill="none" stroke="#2b4a4d" stroke-width="10"/>"""
THROW = """<path d="M48 84h144v84H48z" fill="#b9525a"/><path d="M48 84h144v20H48zM48 124h144v14H48z" fill="#d4777d"/>
<path d="M48 168h144l-10 30H58z" fill="#9c4048"/>
<path d="M64 198v14M84 198v14M104 198v14M124 198v14M144 198v14M164 198v14" stroke="#9c4048" stroke-width="5"/>"""
MUG = """<path d="M72 84h84v104c0 12-10 20-20 20H92c-10 0-20-8-20-20z" fill="#e7dccb"/>
<path d="M72 84h26v124h-6c-10 0-20-8-20-20z" fill="#f4ece0"/><ellipse cx="114" cy="84" rx="42" ry="10" fill="#6b4a34"/>
<path d="M156 108c46-8 46 66 0 62" fill="none" stroke="#e7dccb" stroke-width="13"/>"""

LOAF = """<rect x="120" y="222" width="360" height="22" rx="11" fill="#8a6a4c"/>
<path d="M150 222c-10-110 70-150 150-150s160 40 150 150z" fill="#5b3a26"/>
<path d="M168 222c-6-92 60-130 132-130 20 0 40 4 58 10-70 12-130 60-128 120z" fill="#734a30"/>
<path d="M220 112l24 40M270 98l20 42M322 98l14 44M372 112l4 40" stroke="#e9d7bd" stroke-width="7" stroke-linecap="round"/>
<path d="M430 222c-4-44 18-68 44-68s46 26 42 68z" fill="#c79a6b"/>
<path d="M440 222c-2-36 14-56 34-56s36 22 34 56z" fill="#e4c79f"/>"""
JAR = """<rect x="236" y="70" width="128" height="170" rx="18" fill="#ffffff" fill-opacity="0.75"/>
<path d="M244 122c20-16 40 8 60-6s40-4 52 6v96c0 8-6 14-14 14h-84c-8 0-14-6-14-14z" fill="#e8d3ae"/>
<path d="M244 170h112v8H244z" fill="#9a3b1e"/><rect x="230" y="54" width="140" height="22" rx="8" fill="#b98a4e"/>
<circle cx="272" cy="150" r="7" fill="#f6ead2"/><circle cx="318" cy="142" r="9" fill="#f6ead2"/>
<circle cx="300" cy="198" r="8" fill="#f6ead2"/><circle cx="334" cy="206" r="6" fill="#f6ead2"/>"""
CAKE = """<ellipse cx="300" cy="240" rx="170" ry="20" fill="#e9d9e2"/>
<rect x="196" y="140" width="208" height="96" rx="12" fill="#4a2a2a"/>
<path d="M196 152c0-12 208-12 208 0v22c-20 22-36-6-54 6s-34 12-52 0-36-10-52 4-50 10-50-10z" fill="#f6e3da"/>
<path d="M294 84h12v60h-12z" fill="#d4777d"/><path d="M300 46c16 18 10 34 0 36-10-2-16-18 0-36z" fill="#f2b84b"/>"""
PARCEL = """<path d="M180 96h240v136H180z" fill="#c79a6b"/><path d="M180 96h240v30H180z" fill="#d9b183"/>
<path d="M294 96h12v136h-12zM180 158h240v10H180z" fill="#6b2d4f"/>
<path d="M300 96c-50-50-70-8-6 0M300 96c50-50 70-8 6 0" fill="none" stroke="#6b2d4f" stroke-width="9"/>"""
BAR = """<rect x="70" y="60" width="100" height="140" rx="8" fill="#6b2d4f"/><path d="M70 60h100v48H70z" fill="#d9c27a"/>
<path d="M76 66h26v36H76zM107 66h26v36h-26zM138 66h26v36h-26z" fill="#4a2a2a"/>
<circle cx="120" cy="156" r="20" fill="#f6e3da"/>"""
LEAF = """<path d="M48 192C36 84 108 36 200 40c4 92-40 168-152 152z" fill="#1d5c3f"/>
<path d="M48 192C36 84 108 36 200 40z" fill="#2b7552"/>
<path d="M40 204L168 76M92 152V96M92 152h56M128 116V76M128 116h40" fill="none" stroke="#e6efe6" stroke-width="7"/>"""
BOX = """<rect x="56" y="62" width="128" height="128" rx="8" fill="#f4ece0"/>
<g fill="#4a2a2a"><circle cx="86" cy="92" r="15"/><circle cx="120" cy="92" r="15"/><circle cx="154" cy="92" r="15"/>
<circle cx="86" cy="126" r="15"/><circle cx="154" cy="126" r="15"/><circle cx="120" cy="160" r="15"/></g>
<g fill="#8a5a3c"><circle cx="120" cy="126" r="15"/><circle cx="86" cy="160" r="15"/>
<circle cx="154" cy="160" r="15"/></g>"""
CUP = """<ellipse cx="300" cy="244" rx="150" ry="18" fill="#c9d3c4"/>
<path d="M210 116h180v56c0 44-40 68-90 68s-90-24-90-68z" fill="#ffffff"/>
<ellipse cx="300" cy="116" rx="90" ry="20" fill="#5b3a26"/>
<path d="M390 130c60-8 60 66-8 66" fill="none" stroke="#ffffff" stroke-width="16"/>
<path d="M270 86c-16-18 14-26 0-48M306 86c-16-18 14-26 0-48M342 86c-16-18 14-26 0-48"
 fill="none" stroke="#a9b8a4" stroke-width="7" stroke-linecap="round"/>"""
CHAIR = """<path d="M0 236h600v64H0z" fill="#b9a58c"/><rect x="330" y="136" width="160" height="12" rx="6" fill="#6b4a34"/>
<path d="M404 148h12v92h-12zM372 236h76v8h-76z" fill="#6b4a34"/><path d="M388 116h34v20h-34z" fill="#ffffff"/>
<path d="M186 76h14v164h-14zM186 156h96v14h-96zM268 166h14v74h-14z" fill="#2f5d3a"/>
<rect x="180" y="148" width="104" height="12" rx="6" fill="#417a4e"/>"""


def bag(paper: str, label: str, mark: str) -> str:
    """A paper bag with a label, as flour and coffee come in."""
    return (
        f'<path d="M74 62h92l8 142H66z" fill="{paper}"/><path d="M74 62h92l2 24H72z" fill="#00000022"/>'
        f'<rect x="86" y="112" width="68" height="62" rx="6" fill="{label}"/>'
        f'<path fill="none" stroke="{mark}" stroke-width="5" '
        'd="M120 122v44M120 134l-14-8M120 134l14-8M120 148l-14-8M120 148l14-8"/>'
    )


PICTURES = {
    "cart/lamp": Drawing("#f3e6d3", LAMP),
    "cart/kettle": Drawing("#dbe8e6", KETTLE),
    "cart/throw": Drawing("#f4e1de", THROW),
    "cart/mug": Drawing("#c9b8a2", MUG),
    "newsletter/loaf": Drawing("#f0d9bf", LOAF, is_wide=True),
    "newsletter/jar": Drawing("#dfe5d2", JAR, is_wide=True),
    "newsletter/rye": Drawing("#e6dccb", bag("#8a5a3c", "#f4e9d8", "#5b3a26")),
    "newsletter/white": Drawing("#dde4ea", bag("#f7f3ea", "#9a3b1e", "#f7f3ea")),
    "newsletter/spelt": Drawing("#e9e3c8", bag("#c9a35b", "#fbf5e4", "#8a6a2c")),
    "birthday/cake": Drawing("#f7eef3", CAKE, is_wide=True),
    "birthday/parcel": Drawing("#efe3ea", PARCEL, is_wide=True),
    "birthday/bar": Drawing("#efe3ea", BAR),
    "birthday/box": Drawing("#cdb0bf", BOX),
    "winback/cup": Drawing("#dde5d8", CUP, is_wide=True),
    "winback/chair": Drawing("#efe6d8", CHAIR, is_wide=True),
    "winback/house": Drawing("#e2ddd0", bag("#2f5d3a", "#f1ead8", "#5b3a26")),
    "winback/farms": Drawing("#efe3d3", bag("#a8472f", "#f9efe0", "#2f5d3a")),
    "world/camellia": Drawing("#e6efe6", LEAF),
}


def size(drawing: Drawing) -> tuple[int, int]:
    """Width and height of a drawing's box."""
    return (600, 300) if drawing.is_wide else (240, 240)


def svg(drawing: Drawing) -> str:
    """The picture as SVG, in the size that it is taken in."""
    width, height = size(drawing)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<path fill="{drawing.ground}" d="M0 0h{width}v{height}H0z"/>{drawing.shapes}</svg>'
    )


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, drawing in PICTURES.items():
            example, _, file = name.partition("/")
            width, height = size(drawing)
            page = browser.new_page(
                viewport={"width": width, "height": height}, device_scale_factor=1.5 if drawing.is_wide else 1
            )
            page.set_content(f'<body style="margin:0">{svg(drawing)}</body>')
            folder = EXAMPLES / example / "pictures"
            folder.mkdir(exist_ok=True)
            page.screenshot(path=folder / f"{file}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
