// node start_nss.mjs PACKAGES PORT FOLDER: node-solid-server over plain HTTP on loopback, one owner of the root, no accounts.
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [packages, port, folder] = process.argv.slice(2)
const found = await import(pathToFileURL(path.join(packages, 'node_modules/solid-server/index.mjs')))
const server = (found.default ?? found).createServer({
  root: path.join(folder, 'root'),
  dbPath: path.join(folder, 'db'),
  configPath: path.join(folder, 'config'),
  serverUri: `http://localhost:${port}`,
  port: Number(port),
  webid: true,
  auth: 'oidc',
  multiuser: false,
  live: true,
  prep: false,
  suppressDataBrowser: true,
})
server.listen(Number(port), 'localhost')
process.stdin.on('end', () => process.exit()).resume() // who started us has ended
