// SolidOS's own selectors say what its profile pane shows of a document; its own mutations make what its editor would make of it.
// Only its pages are left out: the vocabulary's names stand in for solid-ui, and an updater in memory for the network.
import { createRequire, Module } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(import.meta.url)
const rdf = require('rdflib')
const stub = { ns: require('solid-namespace')(rdf), utils: { label: (node) => node.value.split(/[#/]/).pop() } }
const load = Module._load
Module._load = function (name, ...rest) {
  return name === 'solid-ui' ? stub : load.call(this, name, ...rest)
}
const { presentCV } = require('profile-pane/lib/sections/resume/selectors.js')
const { presentSkillDetails } = require('profile-pane/lib/sections/skills/selectors.js')
const { presentLanguages } = require('profile-pane/lib/sections/languages/selectors.js')
const { processResumeMutations } = require('profile-pane/lib/sections/resume/mutations.js')

const { turtle, document, webid, update = [], remove = [] } = JSON.parse(readFileSync(0, 'utf8'))
const store = rdf.graph()
rdf.parse(turtle, store, document, 'text/turtle')
store.updater = {
  store,
  update (deletions, insertions, done) {
    store.remove(deletions)
    insertions.forEach((s) => store.add(s.subject, s.predicate, s.object, s.why))
    done(document, true, '')
  }
}
const me = rdf.sym(webid)
const rows = () => presentCV(me, store)
const plan = { create: [], update: [], remove: [] }
for (const row of rows()) {
  const edit = update.find((one) => one.title === row.title)
  const as = {
    ...row,
    orgHomePage: row.orgHomePage?.value,
    orgLocation: row.orgLocation?.value,
    entryNode: row.entryNode.value
  }
  if (edit) plan.update.push({ ...as, ...edit.change })
  else if (remove.includes(row.title)) plan.remove.push(as)
}
if (plan.update.length || plan.remove.length) await processResumeMutations(store, me, plan)
// The editor's other way: the whole document, as its serialiser writes it.
const after = rdf.serialize(rdf.sym(document), store, document, 'text/turtle')
console.log(JSON.stringify({
  roles: rows().map((row) => ({
    title: row.title, type: row.roleType, start: row.startDate?.value, end: row.endDate?.value, current: row.isCurrentRole,
    organization: row.orgName, kind: row.orgType, location: row.orgLocation?.value, homepage: row.orgHomePage?.value,
    description: row.description
  })),
  skills: presentSkillDetails(me, store).map(({ name, publicId }) => ({ name, publicId })),
  languages: presentLanguages(me, store).map(({ name, publicId, proficiency }) => ({ name, publicId, proficiency })),
  after
}))
