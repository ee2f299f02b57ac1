'use strict';
// Loaded before the Community Solid Server (node --require). Three things it has no option for:
// 1. it calls `server.listen(port)`, which opens the port to the whole network: here only the loopback addresses;
// 2. it ends when the program that started it is gone, however that went: its standard input is a pipe from there;
// 3. on SIGTERM it finishes the writes under way first, because its file backend writes in place.
const dns = require('node:dns');
const net = require('node:net');

// Node 18 tries ::1 first and gives up: the server reads its own profiles at http://localhost.
dns.setDefaultResultOrder('ipv4first');

const servers = new Set();
const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function listenOnLoopback(...args) {
  if (typeof args[0] !== 'number') return listen.apply(this, args);
  servers.add(this);
  // Browsers and libraries may take either meaning of "localhost": what comes by ::1 is handed to the same server.
  const second = net.createServer((socket) => this.emit('connection', socket));
  second.on('error', () => {}); // a machine without IPv6
  listen.call(second, args[0], '::1');
  second.unref();
  return listen.call(this, args[0], '127.0.0.1', ...args.slice(1));
};

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(0), 3000).unref();
  let open = servers.size;
  if (open === 0) process.exit(0);
  for (const server of servers) {
    server.close(() => { if (--open === 0) process.exit(0); });
    server.closeIdleConnections?.();
  }
}

process.on('SIGTERM', end);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
