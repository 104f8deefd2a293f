import { Button, Group, Menu, Select, Stack, Text } from '@mantine/core'
import { IconDots, IconFolderPlus, IconPlus } from '@tabler/icons-react'
import { use, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '../api/types'
import { useMeta } from '../meta'
import { ActivityRow } from './ActivityRow'
import { LeafRow } from './LeafRow'
import { useRoom, type Room } from './limits'
import { PartFrame } from './PartFrame'
import { RelatedRow } from './RelatedRow'
import { Arriving, isWrittenTo, useBlankLeaf, type Scope } from './scope'
import { SegmentRow } from './SegmentRow'
import {
  branchOf,
  conditionOf,
  isActivity,
  isField,
  isGroup,
  isRelated,
  isSegment,
  lifted,
  partPath,
  stepped,
  type Branch,
  type Kind,
} from './tree'

interface Props {
  scope: Scope
  value: Condition | null | undefined
  path: string
  onChange: (condition: Condition) => void
  /** A part leaves this group by its top or its bottom; what stays is told too. */
  onLift?: (rest: Branch, part: Condition, by: -1 | 1) => void
}

export function GroupEditor({ scope, value, path, onChange, onLift }: Props) {
  const { t } = useTranslation()
  const arriving = use(Arriving)
  const adder = useRef<HTMLButtonElement>(null)
  const branch = branchOf(value)
  const room = useRoom(path, branch.negated, scope.module)
  const write = (part: Partial<Branch>) => onChange(conditionOf({ ...branch, ...part }))
  const add = (part: Condition) => {
    arriving.current = { part, by: 0 }
    write({ parts: [...branch.parts, part] })
  }
  const remove = (index: number) => {
    adder.current?.focus()
    write({ parts: branch.parts.filter((_, at) => at !== index) })
  }
  const step = (part: Condition, index: number, by: -1 | 1) => {
    const next = stepped(branch, index, by)
    if (branch.parts[index + by]) {
      // Into a group that has no level left to give it stays where it is.
      if (!room.fits(conditionOf(next))) return
      write(next)
    } else onLift?.({ ...branch, parts: branch.parts.filter((_, at) => at !== index) }, part, by)
    arriving.current = { part, by }
  }
  return (
    <Stack gap="xs" role="group" aria-label={t('condition.group')}>
      <JoinSelect branch={branch} onChange={write} />
      {branch.parts.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('condition.none')}
        </Text>
      )}
      {branch.parts.map((part, index) => {
        const here = partPath(path, branch, index)
        const replace = (next: Condition) => write({ parts: branch.parts.map((old, at) => (at === index ? next : old)) })
        const may = (by: -1 | 1) => branch.parts[index + by] !== undefined || onLift !== undefined
        return (
          <PartFrame
            key={index}
            part={part}
            path={here}
            grouped={isGroup(part)}
            onStep={(by) => may(by) && step(part, index, by)}
            mayRise={may(-1)}
            mayFall={may(1)}
            onRemove={() => remove(index)}
          >
            <Part
              scope={scope}
              part={part}
              path={here}
              onChange={replace}
              onLift={(rest, moved, by) => write(lifted(branch, index, rest, moved, by))}
            />
          </PartFrame>
        )
      })}
      <AddButtons scope={scope} room={room} adder={adder} onAdd={add} />
    </Stack>
  )
}

interface PartProps extends Required<Props> {
  part: Condition
}

function Part({ scope, part, path, onChange, onLift }: Omit<PartProps, 'value'>) {
  const { module } = scope
  if (isField(part)) return <LeafRow scope={scope} leaf={part} path={path} onChange={onChange} />
  if (isRelated(part)) return <RelatedRow module={module} leaf={part} path={path} onChange={onChange} />
  if (isActivity(part)) return <ActivityRow module={module} leaf={part} path={path} onChange={onChange} />
  if (isSegment(part)) return <SegmentRow leaf={part} path={path} onChange={onChange} />
  return <GroupEditor scope={scope} value={part} path={path} onChange={onChange} onLift={onLift} />
}

interface AddProps {
  scope: Scope
  room: Room
  adder: React.Ref<HTMLButtonElement>
  onAdd: (part: Condition) => void
}

/** A field, a group, the records around it; for whoever can be written to also what they did, and where they are members. */
function AddButtons({ scope, room, adder, onAdd }: AddProps) {
  const { t } = useTranslation()
  const { conditions, modules } = useMeta()
  const blank = useBlankLeaf(scope.module, scope.past)
  const links = scope.inner ? [] : (scope.module.links ?? [])
  const kinds: [string, Condition][] = [
    ['activity', { activity: conditions.activities.find(({ id }) => id === 'opened')?.id ?? '', times: { at_least: 1 } }],
    ['related', { related: links[0]?.id ?? '', match: 'any' }],
    ['segment', { segment: '', op: conditions.membership[0]?.id }],
  ]
  const possible = isWrittenTo(scope.module, modules) ? kinds : kinds.filter(([kind]) => kind === 'related')
  return (
    <Group gap="xs">
      <Button
        ref={adder}
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={!room.leaf}
        onClick={() => onAdd({ ...blank })}
      >
        {t('filter.add')}
      </Button>
      {links.length > 0 && (
        <Menu position="bottom-start" withinPortal returnFocus={false}>
          <Menu.Target>
            <Button variant="light" size="xs" leftSection={<IconDots size={14} />} disabled={!room.elsewhere}>
              {t('condition.add_more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {possible.map(([kind, part]) => (
              <Menu.Item key={kind} onClick={() => onAdd({ ...part })}>
                {t(`condition.add_${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconFolderPlus size={14} />}
        disabled={!room.group}
        onClick={() => onAdd({ any: [{ ...blank }] })}
      >
        {t('condition.add_group')}
      </Button>
      {room.full && (
        <Text size="xs" c="dimmed" role="note">
          {t(`condition.full_${room.full}`, { limit: conditions.limits[room.full] })}
        </Text>
      )}
    </Group>
  )
}

const JOINS: [string, Kind, boolean][] = [
  ['all', 'all', false],
  ['any', 'any', false],
  ['not_all', 'all', true],
  ['none', 'any', true],
]

/** All, any, not all, none: how the parts count together. */
function JoinSelect({ branch, onChange }: { branch: Branch; onChange: (part: Partial<Branch>) => void }) {
  const { t } = useTranslation()
  const chosen = JOINS.find(([, kind, negated]) => kind === branch.kind && negated === branch.negated)
  return (
    <Select
      size="xs"
      w={280}
      maw="100%"
      aria-label={t('condition.join')}
      allowDeselect={false}
      data={JOINS.map(([id]) => ({ value: id, label: t(`condition.join_${id}`) }))}
      value={chosen?.[0] ?? 'all'}
      onChange={(id) => {
        const next = JOINS.find(([each]) => each === id)
        if (next) onChange({ kind: next[1], negated: next[2] })
      }}
    />
  )
}
