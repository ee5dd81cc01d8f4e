// Asks the sidecar for a besluit, with the SDK of OPA.
//
//   npm ci && npm run build
//   export UITFASERING_OPA_URL=https://127.0.0.1:8181 UITFASERING_TOKEN_BESTAND=mijn.token
//   export NODE_EXTRA_CA_CERTS=ca.crt
//   node dist/besluit.js toewijzing.json      one toewijzing: {"handeling": …}
//   node dist/besluit.js toewijzingen.json    a batch: {"toewijzingen": {"<kenmerk>": {…}, …}}
//
// Exit code: 0 all is allowed or may run off, 1 something else was said, 2 it could not be asked.

import { readFileSync } from "node:fs";
import { OPAClient } from "@open-policy-agent/opa";
import { HTTPClient } from "@open-policy-agent/opa/lib/http.js";
import { SDKError } from "@open-policy-agent/opa/sdk/models/errors";
import type { Besluit } from "./gegenereerd/besluit.js";
import type { Toewijzing } from "./gegenereerd/toewijzing.js";

const PER_VRAAG = 1_000; // OPA takes 5 MiB at once
const MILLISECONDEN = 10_000; // for one question

/** There is no besluit; says why. */
class NietGelukt extends Error {}

/**
 * fetch, with the two things that the SDK (2.0.0) cannot do on Node 20. Its own timeout is lost when memory
 * is cleaned up while it waits (nodejs/undici#4068), so it is given here. And a body that breaks off or is
 * no JSON would end the process, as a rejection that nobody can catch; so it is read here.
 */
async function haal(input: RequestInfo | URL): Promise<Response> {
  // Not where a proxy redirects to: a POST would become a GET.
  const response = await fetch(input, { signal: AbortSignal.timeout(MILLISECONDEN), redirect: "manual" });
  const body = await response.text();
  if (response.headers.get("content-type")?.includes("json")) alsJson(body, "Het antwoord");
  return new Response(body, response);
}

class Sidecar {
  readonly #opa: OPAClient;

  constructor(url: string, token: string) {
    this.#opa = new OPAClient(url, {
      sdk: {
        httpClient: new HTTPClient({ fetcher: haal }),
        bearerAuth: token,
        // A besluit changes nothing, so asking again is safe.
        retryConfig: {
          strategy: "backoff",
          backoff: { initialInterval: 100, maxInterval: 500, exponent: 1.5, maxElapsedTime: 1_000 },
          retryConnectionErrors: true,
        },
      },
    });
  }

  async besluit(toewijzing: Toewijzing): Promise<Besluit> {
    return alsBesluit(await this.#vraag("besluit", toewijzing));
  }

  /**
   * The besluit on each, under the same kenmerk. OPA gets numbers: a kenmerk may point to a child,
   * and is not its business. Not with `evaluateBatch`: that asks an API that OPA does not have.
   */
  async besluiten(toewijzingen: Map<string, Toewijzing>): Promise<Map<string, Besluit>> {
    const found = new Map<string, Besluit>();
    const alle = [...toewijzingen];
    for (let start = 0; start < alle.length; start += PER_VRAAG) {
      const deel = alle.slice(start, start + PER_VRAAG);
      const asked = Object.fromEntries(deel.map(([, toewijzing], n) => [n, toewijzing]));
      const given = await this.#vraag("besluiten", { toewijzingen: asked });
      if (!isObject(given) || Object.keys(given).length !== deel.length) {
        throw new NietGelukt("OPA gaf niet op elke toewijzing antwoord.");
      }
      deel.forEach(([kenmerk], n) => found.set(kenmerk, alsBesluit(given[n])));
    }
    return found;
  }

  async #vraag(ingang: string, invoer: Record<string, unknown> | Toewijzing): Promise<unknown> {
    try {
      // Undefined when OPA does not know the path, as without the bundle: that is no error to it.
      return await this.#opa.evaluate<typeof invoer, unknown>(`uitfasering/${ingang}`, invoer);
    } catch (error) {
      throw new NietGelukt(reden(error), { cause: error });
    }
  }
}

/** Why there is no answer: of OPA, or of the connection. */
function reden(error: unknown): string {
  // 400 and 500 come as ClientError and ServerError, with OPA's words; any other status, 401 too, as
  // SDKError, without them.
  if (error instanceof SDKError) {
    return `OPA geeft geen antwoord (HTTP ${error.httpMeta.response.status}).`;
  }
  let deepest = error;
  while (deepest instanceof Error && deepest.cause) deepest = deepest.cause;
  return `OPA geeft geen antwoord: ${deepest instanceof Error ? deepest.message : deepest}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What OPA gave, if it is a besluit as far as we use it. */
function alsBesluit(given: unknown): Besluit {
  if (
    isObject(given) &&
    typeof given["uitkomst"] === "string" &&
    Array.isArray(given["bevindingen"]) &&
    given["bevindingen"].every((b) => isObject(b) && b["regel"] && b["tekst"] && b["velden"])
  ) {
    return given as unknown as Besluit;
  }
  throw new NietGelukt("Het antwoord is geen besluit. Heeft deze OPA de bundel met de afspraken?");
}

function alsJson(text: string, wat: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NietGelukt(`${wat} is niet te lezen als JSON.`); // the error has a piece of it
  }
}

async function main(bestand: string | undefined): Promise<number> {
  const url = process.env["UITFASERING_OPA_URL"];
  const tokenBestand = process.env["UITFASERING_TOKEN_BESTAND"];
  if (!bestand || !url || !tokenBestand) {
    throw new NietGelukt("Geef een bestand, en zet UITFASERING_OPA_URL en UITFASERING_TOKEN_BESTAND.");
  }
  const token = readFileSync(tokenBestand, "latin1").trim();
  // fetch would show it in its error
  if (!/^[!-~]+$/.test(token)) throw new NietGelukt("Het token is niet te lezen.");
  const sidecar = new Sidecar(url, token);
  const invoer = alsJson(readFileSync(bestand, "utf-8"), bestand);
  // What is in the file is for OPA to judge: what is no toewijzing gets ONGELDIGE_INVOER.
  const besluiten =
    isObject(invoer) && isObject(invoer["toewijzingen"])
      ? await sidecar.besluiten(new Map(Object.entries(invoer["toewijzingen"] as Record<string, Toewijzing>)))
      : new Map([["besluit", await sidecar.besluit(invoer as Toewijzing)]]);
  for (const [kenmerk, besluit] of besluiten) {
    console.log(`${kenmerk}: ${besluit.uitkomst}`);
    for (const b of besluit.bevindingen) {
      console.log(`  ${b.regel} (${b.velden.join(", ")}): ${b.tekst}`);
    }
  }
  // Also 1 for an uitkomst that is not known here: then a person must look.
  return [...besluiten.values()].every((b) => ["TOEGESTAAN", "AFLOPEN"].includes(b.uitkomst)) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  console.error(`FOUT: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
