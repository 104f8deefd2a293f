import { Button, Group, TagsInput } from '@mantine/core'
import { IconMailForward } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useMeta } from '../meta'
import { tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'

interface Props {
  template: string
  /** What the send would have along, beside what the template brings. */
  beside: { documents?: string[]; document_templates?: string[] }
}

/** One test mail to each of a few addresses of the house: one's own, and the company's seed list. */
export function TestMail({ template, beside }: Props) {
  const { t } = useTranslation()
  const { user, settings } = useMeta()
  const problemText = useProblemText()
  const seeds = settings.company.seed_list ?? []
  const [to, setTo] = useState([user.email])
  const sending = useMutation({
    mutationFn: async () => {
      for (const address of to) await api.post(`/v1/templates/${template}/test`, { to: address, ...beside })
    },
    onSuccess: () => tell(t('template.test_sent', { to: to.join(', ') })),
    onError: (error) => warn(problemText(error)),
  })
  return (
    <Group align="flex-end" gap="xs">
      <TagsInput
        flex={1}
        miw={220}
        label={t('template.test_to')}
        description={seeds.length > 0 ? t('send.seeds_hint') : undefined}
        data={[...new Set([user.email, ...seeds])]}
        maxTags={20}
        value={to}
        onChange={setTo}
      />
      {seeds.length > 0 && (
        <Button variant="subtle" onClick={() => setTo([...new Set([...to, ...seeds])])}>
          {t('send.seeds')}
        </Button>
      )}
      <Button
        variant="light"
        leftSection={<IconMailForward size={16} />}
        disabled={to.length === 0}
        loading={sending.isPending}
        onClick={() => sending.mutate()}
      >
        {t('template.test')}
      </Button>
    </Group>
  )
}
