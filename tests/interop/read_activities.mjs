// Reads a bag's activities with @inrupt/solid-client, as typed values, and prints them as JSON.
// usage: node read_activities.mjs ISSUER CLIENT_ID CLIENT_SECRET ACTIVITIES_URL
import { getSolidDataset, getThingAll, getUrl, getUrlAll, getStringNoLocale, getDate, getDecimal } from "@inrupt/solid-client";
import { Session } from "@inrupt/solid-client-authn-node";

const [issuer, clientId, clientSecret, url] = process.argv.slice(2);
const session = new Session();
await session.login({ oidcIssuer: issuer, clientId, clientSecret });
if (!session.info.isLoggedIn) throw new Error("not logged in");

const MUS = "https://w3id.org/musette#";
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const dataset = await getSolidDataset(url, { fetch: session.fetch });
const activities = getThingAll(dataset)
  .filter((thing) => getUrlAll(thing, TYPE).includes(`${MUS}Activity`))
  .map((thing) => ({
    url: thing.url,
    title: getStringNoLocale(thing, "http://purl.org/dc/terms/title"),
    sphere: getUrl(thing, `${MUS}sphere`),
    start: getDate(thing, "http://schema.org/startDate")?.toISOString().slice(0, 10) ?? null,
    weeklyHours: getDecimal(thing, `${MUS}weeklyHours`),
  }));
console.log(JSON.stringify(activities));
await session.logout();
process.exit(0);
