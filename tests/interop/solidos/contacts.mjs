// SolidOS's module for contacts says what it finds in an address book, and which one a private type index leads to.
// Only the network is left out: the documents are put into its store.
import { readFileSync } from 'node:fs'
import * as rdf from 'rdflib'
import module from '@solid-data-modules/contacts-rdflib'

const Contacts = module.default ?? module
const { documents, book, webid } = JSON.parse(readFileSync(0, 'utf8'))
const store = rdf.graph()
for (const [address, turtle] of Object.entries(documents)) rdf.parse(turtle, store, address, 'text/turtle')
const contacts = new Contacts({ store, fetcher: { load: async () => ({ ok: true }) }, updater: {} })
const listed = await contacts.listAddressBooks(webid)
const read = await contacts.readAddressBook(book)
console.log(JSON.stringify({ listed, book: read }))
