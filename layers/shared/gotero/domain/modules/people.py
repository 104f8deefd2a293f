"""Fields that contacts and leads (and partly accounts) share: where they live, what they may be sent."""

from gotero.domain.modules.declaration import Field
from gotero.domain.modules.writing import of_type, option, picklist, text

LEADSOURCE_OPTIONS = (
    option("Cold Call", "Llamada"),
    option("Existing Customer", "Cliente"),
    option("Self Generated", "Autogenerada"),
    option("Employee", "Trabajador"),
    option("Partner", "Socio"),
    option("Public Relations", "Relaciones Públicas"),
    option("Direct Mail", "Mailing"),
    option("Conference", "Conferencia"),
    option("Trade Show", "Feria"),
    option("Web Site", "Web"),
    option("Word of mouth", "Boca a boca"),
    option("Twitter", "Twitter"),
    option("Other", "Otros"),
)
SALUTATION_OPTIONS = (
    option("Mr.", "Sr."),
    option("Ms.", "Srta."),
    option("Mrs.", "Sra."),
    option("Dr.", "Dr."),
    option("Prof.", "Prof."),
)
LANGUAGE_OPTIONS = (
    option("es", "Español", "Spanish"),
    option("en", "Inglés", "English"),
    option("ca", "Catalán / valenciano", "Catalan / Valencian"),
    option("eu", "Euskera", "Basque"),
    option("gl", "Gallego", "Galician"),
    option("pt", "Portugués", "Portuguese"),
    option("fr", "Francés", "French"),
    option("de", "Alemán", "German"),
    option("it", "Italiano", "Italian"),
    option("el", "Griego", "Greek"),
    option("ja", "Japonés", "Japanese"),
    option("ar", "Árabe", "Arabic"),
)
CHANNEL_OPTIONS = (
    option("email", "Email", "E-mail"),
    option("sms", "SMS"),
    option("whatsapp", "WhatsApp"),
    option("phone", "Teléfono", "Phone"),
    option("post", "Correo postal", "Post"),
)
STAGE_OPTIONS = (
    option("Visitor", "Visitante"),
    option("Subscriber", "Suscriptor"),
    option("Lead", "Pre-contacto"),
    option("Interested", "Interesado"),
    option("Opportunity", "Oportunidad"),
    option("Customer", "Cliente"),
    option("Post-sale", "Posventa", "After-sales"),
    option("Promoter", "Promotor"),
    option("Lost", "Perdido"),
)
GENDER_OPTIONS = (
    option("female", "Mujer", "Female"),
    option("male", "Hombre", "Male"),
    option("other", "Otro", "Other"),
)
#: What made somebody somebody who gets no mail.
OPT_OUT_SOURCES = (
    option("manual", "A mano", "By hand"),
    option("unsubscribe", "Se dio de baja", "Unsubscribed"),
    option("complaint", "Lo marcó como spam", "Marked as spam"),
    option("form", "Formulario web", "Web form"),
    option("import", "Importación", "Import"),
)

LEADSOURCE = picklist("leadsource", "Origen de Pre-Contacto", "Lead source", *LEADSOURCE_OPTIONS)
ORIGINAL_LEADSOURCE = picklist(
    "original_leadsource", "Primer Origen", "First lead source", *LEADSOURCE_OPTIONS, readonly=True
)
DO_NOT_EMAIL = of_type("boolean", "do_not_email", "No enviar email", "Do not e-mail")
DO_NOT_EMAIL_SOURCE = picklist(
    "do_not_email_source", "Motivo de no enviar", "Reason for not e-mailing", *OPT_OUT_SOURCES, readonly=True
)

PLACE: tuple[Field, ...] = (
    text("street", "Dirección", "Street"),
    text("postal_code", "Código Postal", "Postal code", max_length=20),
    text("city", "Población", "City"),
    text("region", "Región", "Region"),
    text("country", "País", "Country"),
)
PERSON: tuple[Field, ...] = (
    picklist("gender", "Género", "Gender", *GENDER_OPTIONS),
    picklist("conversion_stage", "Etapa de conversión", "Conversion stage", *STAGE_OPTIONS),
    text("time_zone", "Zona horaria", "Time zone", max_length=64, zone=True),
    picklist("language", "Idioma", "Language", *LANGUAGE_OPTIONS),
    picklist("preferred_channel", "Canal preferido", "Preferred channel", *CHANNEL_OPTIONS),
    DO_NOT_EMAIL,
    DO_NOT_EMAIL_SOURCE,
)
PLACE_IDS = tuple(f.id for f in PLACE)
PERSON_IDS = tuple(f.id for f in PERSON)
