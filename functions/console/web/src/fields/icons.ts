import {
  IconBuilding,
  IconCalendarEvent,
  IconClock,
  IconCoin,
  IconDatabase,
  IconMail,
  IconPackage,
  IconPhoneCall,
  IconReceipt,
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
  clock: IconClock,
  coin: IconCoin,
  mail: IconMail,
  package: IconPackage,
  phone: IconPhoneCall,
  speakerphone: IconSpeakerphone,
  target: IconTarget,
  user: IconUser,
  receipt: IconReceipt,
  'user-plus': IconUserPlus,
}

export const moduleIcon = (name: string | undefined): Icon => ICONS[name ?? ''] ?? IconDatabase
