import {
  IconBuilding,
  IconCalendarEvent,
  IconCash,
  IconDatabase,
  IconFileInvoice,
  IconMail,
  IconPackage,
  IconPhoneCall,
  IconSpeakerphone,
  IconTarget,
  IconUser,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react'

/** The icon names that module declarations may use. */
const ICONS: Record<string, Icon> = {
  building: IconBuilding,
  calendar: IconCalendarEvent,
  cash: IconCash,
  invoice: IconFileInvoice,
  mail: IconMail,
  megaphone: IconSpeakerphone,
  package: IconPackage,
  phone: IconPhoneCall,
  speakerphone: IconSpeakerphone,
  target: IconTarget,
  user: IconUser,
  'user-plus': IconUserPlus,
}

export const moduleIcon = (name: string | undefined): Icon => ICONS[name ?? ''] ?? IconDatabase
