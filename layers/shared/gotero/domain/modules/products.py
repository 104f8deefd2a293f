"""Products: what is sold, and what a campaign is about."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.writing import of_type, section, text

PRODUCTS = Module(
    id="products",
    label=Label("Productos", "Products"),
    label_one=Label("Producto", "Product"),
    prefix="PRO-",
    icon="package",
    title_fields=("name",),
    links=("contacts", "accounts", "leads"),
    list_columns=("number", "name", "code", "price", "active", "owner"),
    search_fields=("name", "code", "number"),
    sections=(
        section(
            "main", "Información del producto", "Product information", "name", "code", "category", "price", "active"
        ),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("name", "Nombre del Producto", "Product name", required=True),
        text("code", "Código", "Code", max_length=60, unique=True),
        text("category", "Categoría", "Category"),
        of_type("currency", "price", "Precio", "Price"),
        of_type("boolean", "active", "Activo", "Active"),
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)
