"""Campaigns: the frame for sends, economics and results."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.writing import of_type, option, picklist, relation, section, text
from gotero.domain.utm import PARAMETERS

STATUS_OPTIONS = (
    option("Planning", "Planificando"),
    option("Active", "Activa"),
    option("Inactive", "Inactiva"),
    option("Completed", "Completada"),
    option("Cancelled", "Cancelada"),
)
TYPE_OPTIONS = (
    option("Conference", "Conferencia"),
    option("Webinar", "Webinar"),
    option("Trade Show", "Feria"),
    option("Public Relations", "Relaciones Públicas"),
    option("Partners", "Socios"),
    option("Referral Program", "Programa de referidos"),
    option("Advertisement", "Anuncio"),
    option("Banner Ads", "Banner"),
    option("Direct Mail", "Mailing"),
    option("Email", "Email", "E-mail"),
    option("Social Networks", "Redes sociales"),
    option("Telemarketing", "Telemarketing"),
    option("Others", "Otros"),
)
RESPONSE_OPTIONS = (
    option("Excellent", "Excelente"),
    option("Good", "Buena"),
    option("Average", "Normal"),
    option("Poor", "Pobre"),
)
_EXPECTED = (
    "expected_cost",
    "expected_response",
    "expected_revenue",
    "expected_sales",
    "expected_responses",
    "expected_roi",
)
_ACTUAL = ("actual_cost", "actual_sales", "actual_responses", "actual_roi")

CAMPAIGNS = Module(
    id="campaigns",
    label=Label("Campañas", "Campaigns"),
    label_one=Label("Campaña", "Campaign"),
    prefix="CAM",
    icon="speakerphone",
    title_fields=("name",),
    links=("contacts", "accounts", "leads"),
    list_columns=("number", "name", "type", "status", "expected_revenue", "expected_close", "owner"),
    search_fields=("name", "number", "audience", "sponsor"),
    sections=(
        section(
            "main",
            "Información de la campaña",
            "Campaign information",
            "name",
            "status",
            "type",
            "product",
            "audience",
            "expected_close",
            "sponsor",
            "target_size",
            "sent_percent",
        ),
        section("economics", "Previsiones y resultados", "Expectations and results", *_EXPECTED, *_ACTUAL),
        section("links", "Etiquetas de los enlaces (UTM)", "Link tags (UTM)", *PARAMETERS),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("name", "Nombre de Campaña", "Campaign name", required=True),
        picklist("status", "Situación de Campaña", "Campaign status", *STATUS_OPTIONS),
        picklist("type", "Tipo de Campaña", "Campaign type", *TYPE_OPTIONS),
        relation("product", "Producto", "Product", "products"),
        text("audience", "Público Objetivo", "Target audience"),
        of_type("date", "expected_close", "Fecha Estimada de Fin", "Expected close date"),
        text("sponsor", "Patrocinador", "Sponsor"),
        of_type("integer", "target_size", "Cantidad Objetivo", "Target size"),
        of_type("percent", "sent_percent", "Número de Envíos (%)", "Sent (%)"),
        of_type("currency", "expected_cost", "Coste Estimado", "Expected cost"),
        of_type("currency", "actual_cost", "Coste Real", "Actual cost"),
        picklist("expected_response", "Respuesta Estimada", "Expected response", *RESPONSE_OPTIONS),
        of_type("currency", "expected_revenue", "Beneficio Estimado", "Expected revenue"),
        of_type("integer", "expected_sales", "Estimación de Ventas", "Expected sales"),
        of_type("integer", "actual_sales", "Ventas", "Actual sales"),
        of_type("integer", "expected_responses", "Estimación de Respuestas", "Expected responses"),
        of_type("integer", "actual_responses", "Respuestas", "Actual responses"),
        of_type("currency", "expected_roi", "Estimación de ROI", "Expected ROI"),
        of_type("currency", "actual_roi", "Retorno de Inversión", "Actual ROI"),
        text("utm_source", "Fuente (utm_source)", "Source (utm_source)"),
        text("utm_medium", "Medio (utm_medium)", "Medium (utm_medium)"),
        text("utm_campaign", "Campaña (utm_campaign)", "Campaign (utm_campaign)"),
        text("utm_content", "Contenido (utm_content)", "Content (utm_content)"),
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)
