import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useMeta } from '../meta'
import { NotFound } from '../shell/NotFound'
import { PageHeader } from '../ui/PageHeader'
import { GroupsTab } from './GroupsTab'
import { UsersTab } from './UsersTab'

/** Who works with the product, what each may do, and who shares records. */
export function UsersPage() {
  const { t } = useTranslation()
  const [address, setAddress] = useSearchParams()
  if (useMeta().user.role !== 'admin') return <NotFound />
  return (
    <>
      <PageHeader title={t('nav.users')} />
      <Tabs value={address.get('tab') ?? 'users'} onChange={(tab) => tab && setAddress({ tab })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="users">{t('user.users')}</Tabs.Tab>
          <Tabs.Tab value="groups">{t('user.groups')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users">
          <UsersTab />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <GroupsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
