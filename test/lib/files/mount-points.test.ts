import { expect, test } from 'vitest'
import { parseMountInfo } from '../../../src/lib/files/mount-points.ts'

// Lines as proc(5) describes them; the kernel writes other bytes than ASCII as they are, read here as latin1.
const LINES = `22 27 0:21 / /proc rw,relatime - proc proc rw
36 35 98:0 /mnt1 /mnt/a\\040folder\\011x rw,noatime master:1 - ext3 /dev/root rw
37 35 98:0 /f.csv /srv/back\\134slash/f.csv rw - ext3 /dev/root rw
`

test('mount points of mountinfo, with their escapes undone', () => {
  expect([...parseMountInfo(LINES)]).toEqual(['/proc', '/mnt/a folder\tx', '/srv/back\\slash/f.csv'])
})

test('nothing mounted', () => {
  expect([...parseMountInfo('')]).toEqual([])
})
