"""Names, towns and telephone numbers by region: what the demo company's customers are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    country: str
    language: str
    zone: str
    #: town -> (region, postal code)
    towns: dict[str, tuple[str, str]]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    #: How many surnames people have there.
    two_surnames: bool
    #: A mobile number whose # are digits.
    mobile: str
    landline: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SPANISH_MOBILE = "+346########"

VALENCIA = Region(
    "España",
    "es",
    "Europe/Madrid",
    {
        "Valencia": ("Comunitat Valenciana", "46001"),
        "Alzira": ("Comunitat Valenciana", "46600"),
        "Sueca": ("Comunitat Valenciana", "46410"),
        "Gandia": ("Comunitat Valenciana", "46701"),
        "Castelló de la Plana": ("Comunitat Valenciana", "12001"),
        "Alicante": ("Comunitat Valenciana", "03001"),
    },
    _words("Àngels Empar Amparo Carme Vicenta Neus Mireia Rosa Consuelo Desemparats Marta Paula Elena Lucía Aitana"),
    _words("Vicent Josep Pasqual Ximo Salvador Ferran Batiste Ramon Enric Andreu Toni Miquel Javier Carlos Pau"),
    _words(
        "Ferrandis Blasco Peris Soriano Ribera Climent Ferrer Llopis Tormo Bosch Sanchis Monzó Alapont Carbonell Gil"
    ),
    True,
    _SPANISH_MOBILE,
    "+34963######",
)
CATALONIA = Region(
    "España",
    "es",
    "Europe/Madrid",
    {
        "Barcelona": ("Catalunya", "08001"),
        "Girona": ("Catalunya", "17001"),
        "Lleida": ("Catalunya", "25001"),
        "Tarragona": ("Catalunya", "43001"),
        "Palma": ("Illes Balears", "07001"),
    },
    _words("Montserrat Núria Laia Mercè Anna Gemma Meritxell Júlia Berta Clàudia Ona Sílvia Marina"),
    _words("Jordi Marc Oriol Arnau Pere Xavier Martí Roger Albert Joan Bernat Lluís Quim"),
    _words("Puig Soler Vila Serra Roca Casals Pujol Vidal Mas Ferrer Camps Prat Torrent Codina"),
    True,
    _SPANISH_MOBILE,
    "+34932######",
)
BASQUE_COUNTRY = Region(
    "España",
    "es",
    "Europe/Madrid",
    {
        "Bilbao": ("Euskadi", "48001"),
        "Donostia": ("Euskadi", "20001"),
        "Vitoria-Gasteiz": ("Euskadi", "01001"),
        "Pamplona": ("Nafarroa", "31001"),
    },
    _words("Amaia Ane Nerea Miren Leire Maite Garazi Ainhoa Itziar Uxue Irati"),
    _words("Iker Aitor Mikel Unai Jon Gorka Eneko Asier Beñat Ibai Ander"),
    _words("Goikoetxea Etxeberria Agirre Ibarra Mendizabal Zubizarreta Urrutia Arana Lasa Olano Iturbe Garmendia"),
    True,
    _SPANISH_MOBILE,
    "+34944######",
)
GALICIA = Region(
    "España",
    "es",
    "Europe/Madrid",
    {
        "A Coruña": ("Galicia", "15001"),
        "Vigo": ("Galicia", "36201"),
        "Santiago de Compostela": ("Galicia", "15701"),
        "Lugo": ("Galicia", "27001"),
    },
    _words("Uxía Sabela Antía Noa Iria Carmela Xoana Sara Branca Rosalía"),
    _words("Brais Antón Xoán Roi Uxío Iago Breixo Manuel Anxo Martiño"),
    _words("Castro Castiñeira Outeiro Varela Souto Lamas Rial Seoane Pardo Figueira Quiroga"),
    True,
    _SPANISH_MOBILE,
    "+34981######",
)
CASTILE = Region(
    "España",
    "es",
    "Europe/Madrid",
    {
        "Madrid": ("Comunidad de Madrid", "28001"),
        "Sevilla": ("Andalucía", "41001"),
        "Zaragoza": ("Aragón", "50001"),
        "Valladolid": ("Castilla y León", "47001"),
        "Málaga": ("Andalucía", "29001"),
        "Murcia": ("Región de Murcia", "30001"),
    },
    _words("María Carmen Laura Pilar Cristina Beatriz Inmaculada Raquel Teresa Rocío Alba Nuria Sonia"),
    _words("José Antonio Manuel Francisco David Daniel Jesús Alejandro Sergio Rafael Ángel Fernando Álvaro"),
    _words(
        "García Martínez López Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Romero Núñez Ortega"
    ),
    True,
    _SPANISH_MOBILE,
    "+34914######",
)
CANARY_ISLANDS = Region(
    "España",
    "es",
    "Atlantic/Canary",
    {"Las Palmas de Gran Canaria": ("Canarias", "35001"), "Santa Cruz de Tenerife": ("Canarias", "38001")},
    _words("Yurena Guacimara Candelaria Idaira Dácil"),
    _words("Ayoze Airam Jonay Tanausú Echedey"),
    _words("Déniz Santana Suárez Betancor Padrón Melián Armas"),
    True,
    _SPANISH_MOBILE,
    "+34928######",
)
PORTUGAL = Region(
    "Portugal",
    "pt",
    "Europe/Lisbon",
    {"Lisboa": ("Lisboa", "1000-001"), "Porto": ("Porto", "4000-001"), "Braga": ("Braga", "4700-001")},
    _words("Inês Beatriz Joana Catarina Sofia Mariana Graça Conceição Leonor Madalena"),
    _words("João Tiago Rui Nuno Gonçalo Duarte Vasco Simão Afonso Luís"),
    _words("Silva Pereira Gonçalves Simões Araújo Magalhães Teixeira Carvalho Assunção Brandão Leitão"),
    True,
    "+35191#######",
    "+35121#######",
)
MEXICO = Region(
    "México",
    "es",
    "America/Mexico_City",
    {"Ciudad de México": ("CDMX", "06000"), "Puebla": ("Puebla", "72000"), "Guadalajara": ("Jalisco", "44100")},
    _words("Guadalupe Ximena Fernanda Alejandra Citlali Jimena Renata Verónica Itzel Regina"),
    _words("Alejandro Emiliano Diego Santiago Cuauhtémoc Rodrigo Gerardo Ulises Octavio Arturo"),
    _words("Hernández Ramírez Flores Cruz Reyes Villanueva Zepeda Ávila Cárdenas Treviño Quetzal"),
    True,
    "+5255########",
    "+5255########",
)
ARGENTINA = Region(
    "Argentina",
    "es",
    "America/Argentina/Buenos_Aires",
    {"Buenos Aires": ("CABA", "C1001"), "Rosario": ("Santa Fe", "S2000"), "Mendoza": ("Mendoza", "M5500")},
    _words("Florencia Agustina Camila Martina Delfina Milagros Rocío Pilar"),
    _words("Matías Facundo Nicolás Bautista Ignacio Tomás Gastón Lautaro"),
    _words("Fernández Rossi Bianchi Acosta Benítez Sosa Giménez Pereyra Ledesma"),
    False,
    "+5491155######",
    "+54114#######",
)
FRANCE = Region(
    "France",
    "fr",
    "Europe/Paris",
    {
        "Perpignan": ("Occitanie", "66000"),
        "Lyon": ("Auvergne-Rhône-Alpes", "69001"),
        "Paris": ("Île-de-France", "75001"),
    },
    _words("Chloé Léa Océane Françoise Hélène Zoé Maëlys"),
    _words("François Jérôme Loïc Étienne Benoît Gaël Thierry"),
    _words("Dubois Lefèvre Lémoine Garçon Bérenger Moreau Chauveau Guérin"),
    False,
    "+3361#######",
    "+3314#######",
)
GERMANY = Region(
    "Deutschland",
    "de",
    "Europe/Berlin",
    {"Berlin": ("Berlin", "10115"), "München": ("Bayern", "80331"), "Köln": ("Nordrhein-Westfalen", "50667")},
    _words("Jutta Käthe Ursula Heike Bärbel Greta"),
    _words("Jörg Günther Sören Uwe Björn Matthias"),
    _words("Müller Schäfer Groß Weiß Krüger Böhm Jäger"),
    False,
    "+49151########",
    "+4930########",
)
GREECE = Region(
    "Ελλάδα",
    "el",
    "Europe/Athens",
    {"Αθήνα": ("Αττική", "105 57"), "Θεσσαλονίκη": ("Μακεδονία", "546 22")},
    _words("Ελένη Μαρία Κατερίνα"),
    _words("Γιώργος Νίκος Δημήτρης"),
    _words("Παπαδόπουλος Γεωργίου Οικονόμου Βασιλείου"),
    False,
    "+30694#######",
    "+30210#######",
)
JAPAN = Region(
    "日本",
    "ja",
    "Asia/Tokyo",
    {"東京": ("東京都", "100-0001"), "大阪": ("大阪府", "530-0001")},
    _words("花子 美咲 陽菜"),
    _words("太郎 健一 翔太"),
    _words("佐藤 鈴木 高橋 田中"),
    False,
    "+8190########",
    "+813########",
)

#: How many of the 500 contacts come from where; two more are named in people.py.
CONTACTS_FROM: tuple[tuple[Region, int], ...] = (
    (VALENCIA, 130),
    (CATALONIA, 45),
    (BASQUE_COUNTRY, 35),
    (GALICIA, 30),
    (CASTILE, 50),
    (CANARY_ISLANDS, 10),
    (PORTUGAL, 50),
    (MEXICO, 50),
    (ARGENTINA, 35),
    (FRANCE, 25),
    (GERMANY, 20),
    (GREECE, 10),
    (JAPAN, 8),
)
