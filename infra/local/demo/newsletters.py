"""What Huerta Turia writes once a month: what is ripe by then."""

from datetime import datetime

from infra.local.demo.contents import SHOP_BUTTON, Json, letter

_MONTHS = (
    ("enero", "Naranjas de enero, las más dulces", "Las navelinas están en su punto: cinco kilos por oficina."),
    ("febrero", "Mandarinas para el frío", "Clementinas sin pepita, recogidas la víspera."),
    ("marzo", "Ya hay fresas", "Las primeras fresas salen el lunes, con las últimas sanguinas."),
    ("abril", "Nísperos de Callosa", "Duran cinco semanas. Quien los prueba, repite."),
    ("mayo", "Llegan las cerezas", "De la montaña de Alicante, en cajas de dos kilos."),
    ("junio", "Albaricoques y paraguayos", "La cesta de junio huele desde la puerta."),
    ("julio", "Sandía para toda la oficina", "Cortada no la mandamos: el cuchillo lo ponéis vosotros."),
    ("agosto", "Melón, y cerramos una semana", "Del 10 al 16 descansamos; el resto del mes, como siempre."),
    ("septiembre", "Vuelve la cesta semanal", "Uva, higos y las primeras manzanas: volvemos a la rutina."),
    ("octubre", "Granadas y caquis", "Se comen con cuchara, y no manchan si se sabe cómo: lo contamos."),
    ("noviembre", "Las primeras clementinas", "Verdes por fuera, dulces por dentro: así empiezan."),
    ("diciembre", "Cestas de Navidad", "Turrón, vino y naranjas. Los pedidos, hasta el día 15."),
)


def month_of(instant: str) -> str:
    """`junio de 2026`"""
    at = datetime.fromisoformat(instant)
    return f"{_MONTHS[at.month - 1][0]} de {at.year}"


def newsletter(instant: str) -> Json:
    """The template of that month."""
    _, subject, text = _MONTHS[datetime.fromisoformat(instant).month - 1]
    return {
        "name": f"Boletín de {month_of(instant)}",
        "subject": subject,
        "class": "marketing",
        "mjml": letter("Hola, {{ firstname|default('amiga, amigo') }}:", text, button=SHOP_BUTTON),
    }
