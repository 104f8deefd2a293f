"""The words of the doctor in Spanish: what is checked, what was found, and the next step."""

from collections.abc import Mapping

TEXT: Mapping[str, str] = {
    "identity": "Dominio verificado",
    "dkim": "Firma DKIM",
    "mail_from": "Dominio de retorno propio (MAIL FROM)",
    "spf": "SPF",
    "dmarc": "DMARC",
    "sandbox": "Fuera del entorno de pruebas",
    "sending": "Envío permitido",
    "quota": "Ritmo y cupo concedidos",
    "pricing_plan": "Plan de precios",
    "events": "Los avisos de entrega llegan",
    "suppressions": "Lista de supresión al día",
    "tracking_domain": "Dominio de los enlaces",
    "landing_page": "Página de baja propia",
    "free_senders": "Sin remitentes de correo gratuito",
    "users_outside": "Usuarios dentro del dominio",
    "concurrency": "Ejecuciones simultáneas de Lambda",
    "identity.no_sender": "Todavía no hay dirección de remitente: no se sabe desde qué dominio se envía.",
    "identity.no_sender.step": "Escriba el remitente en Ajustes › Empresa.",
    "dkim.no_sender": "Todavía no hay dirección de remitente: no se sabe desde qué dominio se envía.",
    "dkim.no_sender.step": "Escriba el remitente en Ajustes › Empresa.",
    "mail_from.no_sender": "Todavía no hay dirección de remitente: no se sabe desde qué dominio se envía.",
    "mail_from.no_sender.step": "Escriba el remitente en Ajustes › Empresa.",
    "spf.no_sender": "Todavía no hay dirección de remitente: no se sabe desde qué dominio se envía.",
    "spf.no_sender.step": "Escriba el remitente en Ajustes › Empresa.",
    "dmarc.no_sender": "Todavía no hay dirección de remitente: no se sabe desde qué dominio se envía.",
    "dmarc.no_sender.step": "Escriba el remitente en Ajustes › Empresa.",
    "identity.ok": "SES ha verificado {domain} y acepta correos de ese dominio.",
    "identity.missing": "SES no conoce {domain}: ningún correo de ese dominio saldrá.",
    "identity.missing.step": "Vuelva a desplegar con el parámetro SenderDomain={domain}, o créelo en SES › "
    "Identities › Create identity › Domain.",
    "identity.pending": "SES aún no ha visto los registros de {domain}: hasta entonces no deja enviar.",
    "identity.pending.step": "Publique en el DNS: {records}. Después espere; SES lo comprueba solo durante 72 horas.",
    "dkim.ok": "Los correos de {domain} van firmados.",
    "dkim.missing": "{domain} no está dado de alta en SES, así que nada va firmado en su nombre.",
    "dkim.missing.step": "Verifique primero el dominio: SES le dará los tres registros DKIM.",
    "dkim.pending": "SES busca las claves DKIM de {domain} y aún no las ha encontrado.",
    "dkim.pending.step": "Compruebe que estén en el DNS: {records}",
    "dkim.failed": "SES no firma los correos de {domain}: Gmail y Yahoo rechazan el correo masivo sin firma.",
    "dkim.failed.step": "En SES › Identities › {domain} › DKIM, pulse «Edit», active Easy DKIM y publique en el DNS: "
    "{records}",
    "mail_from.ok": "Los rebotes vuelven a {name}, bajo el dominio propio.",
    "mail_from.missing": "Los rebotes de {domain} vuelven a amazonses.com: SPF pasa, pero no en nombre de su dominio.",
    "mail_from.missing.step": "En SES › Identities › {domain} › Custom MAIL FROM domain, escriba {name} y publique "
    "los dos registros que SES muestra.",
    "mail_from.pending": "SES aún no ha encontrado los registros de {name}; mientras, usa amazonses.com.",
    "mail_from.pending.step": 'Publique en el DNS: {records}; {name} TXT "v=spf1 include:amazonses.com ~all"',
    "mail_from.failed": "SES ha dejado de buscar los registros de {name}: faltan o están mal.",
    "mail_from.failed.step": 'Publique en el DNS: {records}; {name} TXT "v=spf1 include:amazonses.com ~all". Después '
    "quite y vuelva a poner el dominio MAIL FROM en SES.",
    "spf.ok": "{name} autoriza a SES a enviar en su nombre.",
    "spf.other": "{name} tiene una política SPF; los correos pasan SPF con el nombre de SES.",
    "spf.none": "{name} no dice quién puede enviar en su nombre: es fácil suplantarlo.",
    "spf.none.step": 'Publique en el DNS: {name} TXT "v=spf1 include:amazonses.com ~all", añadiendo los otros '
    "servidores que envíen por usted.",
    "spf.missing": "{name} es el dominio de retorno y no tiene SPF: los correos no lo pasan.",
    "spf.missing.step": 'Publique en el DNS: {name} TXT "v=spf1 include:amazonses.com ~all"',
    "spf.several": "{name} tiene más de una política SPF: para quien recibe es como si no hubiera ninguna válida.",
    "spf.several.step": "Deje en el DNS un solo registro TXT que empiece por v=spf1, con todo dentro.",
    "spf.anybody": "La política SPF de {name} permite enviar a cualquiera (+all).",
    "spf.anybody.step": "Cambie el final del registro por ~all o -all.",
    "spf.without_provider": "La política SPF de {name} no nombra a SES: los correos no la pasan.",
    "spf.without_provider.step": "Añada include:amazonses.com al registro TXT de {name}, antes de ~all.",
    "dmarc.ok": "{name} pide tratar como «{policy}» lo que no sea suyo.",
    "dmarc.missing": "{domain} no tiene política DMARC: Gmail y Yahoo la exigen a quien envía en masa.",
    "dmarc.missing.step": 'Publique en el DNS: _dmarc.{domain} TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}", y '
    "cuando los informes salgan limpios pase a p=quarantine.",
    "dmarc.watching": "La política DMARC de {name} solo observa (p=none): no impide que le suplanten.",
    "dmarc.watching.step": "Cuando los informes salgan limpios, cambie p=none por p=quarantine en _dmarc.{name}.",
    "dmarc.several": "_dmarc.{name} tiene más de una política: no vale ninguna.",
    "dmarc.several.step": "Deje en _dmarc.{name} un solo registro TXT que empiece por v=DMARC1.",
    "dmarc.unreadable": "La política DMARC de {name} no dice qué hacer (falta p= o no se entiende).",
    "dmarc.unreadable.step": "Escriba p=none, p=quarantine o p=reject detrás de v=DMARC1 en _dmarc.{name}.",
    "sandbox.ok": "SES deja escribir a cualquiera.",
    "sandbox.inside": "La cuenta está en el entorno de pruebas de SES: solo llega correo a direcciones verificadas, "
    "200 al día.",
    "sandbox.inside.step": "En SES › Account dashboard, pulse «Request production access» y explique a quién escribe "
    "y cómo se da de baja. Suelen contestar en un día.",
    "sending.ok": "SES envía con normalidad.",
    "sending.stopped": "SES ha detenido el envío de la cuenta: no sale nada.",
    "sending.stopped.step": "Abra SES › Reputation metrics y el caso que AWS le ha escrito; conteste con lo que ha "
    "corregido.",
    "sending.probation": "La cuenta está en revisión por sus rebotes o quejas: si no mejora, AWS la detendrá.",
    "sending.probation.step": "Pause las campañas, limpie las listas de donde vienen los rebotes y conteste al caso "
    "que AWS le ha abierto.",
    "quota.ok": "{rate} correos por segundo y {day} al día; hoy van {sent}.",
    "quota.unlimited": "{rate} correos por segundo, sin cupo diario.",
    "quota.slow": "Solo {rate} correos por segundo y {day} al día: un envío a mil personas tarda más de un cuarto de "
    "hora.",
    "quota.slow.step": "Pida más en Service Quotas › Amazon SES › Sending rate y Sending quota.",
    "quota.nearly": "Hoy van {sent} de {day} correos: el cupo está casi agotado.",
    "quota.nearly.step": "Pida más en Service Quotas › Amazon SES › Sending quota, o reparta la campaña en varios "
    "días.",
    "quota.used_up": "El cupo de {day} correos al día está agotado: lo que falta espera y sigue solo.",
    "quota.used_up.step": "Pida más en Service Quotas › Amazon SES › Sending quota.",
    "pricing_plan.ok": "Se paga por correo enviado, sin plan: 0,10 dólares por cada mil.",
    "pricing_plan.essentials": "La cuenta está en el plan Essentials: cada mil correos cuestan 0,16 dólares en vez "
    "de 0,10.",
    "pricing_plan.essentials.step": "Si no usa sus paneles, ejecute: aws sesv2 put-account-pricing-attributes --plan "
    "NONE",
    "pricing_plan.larger": "La cuenta está en el plan {plan}, que tiene cuota mensual y cobra más por correo.",
    "pricing_plan.larger.step": "Compruebe que usa lo que incluye (IP dedicadas, paneles); si no, ejecute: aws sesv2 "
    "put-account-pricing-attributes --plan NONE",
    "pricing_plan.not_told": "SES no ha dicho en qué plan está la cuenta.",
    "pricing_plan.not_told.step": "Mírelo en SES › Account dashboard › Pricing plan. Las cuentas nuevas empiezan en "
    "Essentials, un 60 % más caro.",
    "events.ok": "SES avisa de lo que pasa con cada correo; en las últimas 24 horas se conoce el final de {heard}.",
    "events.missing": "SES no avisa de: {kinds}. Esos estados no se conocerán.",
    "events.missing.step": "Vuelva a desplegar (make deploy): el destino de eventos forma parte de la plantilla.",
    "events.unheard": "SES avisa, pero nadie está suscrito al tema: rebotes y quejas se pierden.",
    "events.unheard.step": "Vuelva a desplegar (make deploy): la suscripción de la cola al tema forma parte de la "
    "plantilla.",
    "events.silent": "Se han enviado {sent} correos en 24 horas y no ha vuelto ningún aviso.",
    "events.silent.step": "Si no envía otra aplicación con la misma cuenta, mire la alarma de mensajes muertos de la "
    "cola de eventos y el registro de RecordEventsFunction.",
    "suppressions.ok": "La lista propia y la de SES están al día en los dos sentidos.",
    "suppressions.never": "La lista de SES aún no se ha leído; se lee cada hora.",
    "suppressions.never.step": "Vuelva a mirar dentro de una hora.",
    "suppressions.late": "Hace {hours} horas que no se lee la lista de SES.",
    "suppressions.late.step": "Mire la alarma de tareas vencidas (DueDeadLetters) y el registro de FireDueFunction.",
    "tracking_domain.ok": "Los enlaces de los correos pasan por {host}, de su dominio.",
    "tracking_domain.plain": "Los enlaces pasan por {host} sin TLS: solo vale para probar en un portátil.",
    "tracking_domain.plain.step": "En la cuenta real, dé a PublicUrl una dirección https.",
    "tracking_domain.foreign": "Los enlaces pasan por {host}, que no es de su dominio: quien los lee y los filtros "
    "desconfían.",
    "tracking_domain.foreign.step": "Cree un dominio propio para la API pública (API Gateway › Custom domain names), "
    "por ejemplo enlaces.{domain}, y despliegue con PublicUrl=https://enlaces.{domain}",
    "tracking_domain.untrusted": "El certificado de {host} no vale: los enlaces de los correos asustan a quien los "
    "pulsa.",
    "tracking_domain.untrusted.step": "Renueve el certificado en ACM y compruebe que nombra a {host}.",
    "tracking_domain.broken": "{host} contesta con un error {status}: los enlaces de los correos no funcionan.",
    "tracking_domain.broken.step": "Mire el registro de PublicTrackingFunction y que el dominio apunte a la API "
    "pública.",
    "tracking_domain.unreachable": "No se llega a {host}: los enlaces de los correos no funcionan.",
    "tracking_domain.unreachable.step": "Compruebe que el dominio apunte a la API pública "
    "(API Gateway › Custom domain names).",
    "landing_page.ours": "La página de baja es la de Gotero.",
    "landing_page.ok": "{host} contesta por TLS.",
    "landing_page.unreachable": "No se llega a {host}: quien quiera darse de baja no podrá.",
    "landing_page.unreachable.step": "Compruebe la dirección en Ajustes › Empresa; si la deja vacía, se usa la "
    "página de Gotero.",
    "landing_page.private": "{host} no es una dirección pública: nadie de fuera llega a ella.",
    "landing_page.private.step": "Ponga una página que esté en Internet, o deje vacío el ajuste para usar la de "
    "Gotero.",
    "landing_page.untrusted": "El certificado de {host} no vale: el navegador no dejará pasar a quien quiera darse "
    "de baja.",
    "landing_page.untrusted.step": "Renueve el certificado de {host}.",
    "landing_page.broken": "{host} contesta con un error {status}.",
    "landing_page.broken.step": "Arregle la página, o deje vacío el ajuste para usar la de Gotero.",
    "landing_page.foreign": "{host} funciona, pero no está bajo un dominio de la empresa.",
    "landing_page.foreign.step": "Póngala bajo el dominio desde el que escribe: da confianza a quien la abre.",
    "free_senders.ok": "Nadie escribe desde un correo gratuito.",
    "free_senders.company": "El remitente {sender} es un correo gratuito: los demás rechazan lo que se envía en su "
    "nombre.",
    "free_senders.company.step": "Cree una dirección en su propio dominio y póngala en Ajustes › Empresa.",
    "free_senders.users": "Usan un correo gratuito: {who}.",
    "free_senders.users.step": "Déles una dirección del dominio de la empresa.",
    "users_outside.ok": "Todos los usuarios escriben desde un dominio verificado.",
    "users_outside.some": "Están fuera de los dominios verificados: {who}. Sus correos salen de {sender} y las "
    "respuestas les llegan a ellos.",
    "users_outside.some.step": "Verifique su dominio en SES y añádalo en Ajustes › Empresa, o déles una dirección "
    "del dominio de la empresa.",
    "concurrency.ok": "La cuenta admite {limit} ejecuciones a la vez.",
    "concurrency.few": "La cuenta solo admite {limit} ejecuciones a la vez: con una campaña en marcha, formularios y "
    "enlaces pueden esperar o fallar.",
    "concurrency.few.step": "Pida 1.000 en Service Quotas › AWS Lambda › Concurrent executions; es gratis.",
    "unknown_timeout": "No ha contestado a tiempo.",
    "unknown_timeout.step": "Vuelva a mirar dentro de un momento.",
    "unknown_unreachable": "No se llega a la red desde aquí.",
    "unknown_unreachable.step": "Repita la comprobación donde haya conexión.",
    "unknown_denied": "AWS no deja preguntarlo.",
    "unknown_denied.step": "Vuelva a desplegar (make deploy): el permiso forma parte de la plantilla.",
    "unknown_failed": "La pregunta ha fallado.",
    "unknown_failed.step": "Vuelva a mirar; si sigue igual, está en el registro de DeliverabilityApiFunction.",
    "unknown_reserved": "Es un dominio de ejemplo: en Internet no existe.",
    "unknown_reserved.step": "Ponga su dominio en Ajustes › Empresa y repita la comprobación.",
    "unknown_private": "No es una dirección pública: desde aquí no se comprueba.",
    "unknown_private.step": "Repita la comprobación en la cuenta real.",
}
