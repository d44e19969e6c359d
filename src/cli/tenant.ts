import { type Command, Option } from 'commander';
import { columns } from '../columns.ts';
import { counted } from '../counted.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { changeRateLimit } from '../directory/rate-limit.ts';
import { changePlan, createTenant, listTenants, showTenant, tenantNamed } from '../directory/tenants.ts';
import { changeTokenLife } from '../directory/token-life.ts';
import { type Faults, faultsText } from '../profiles/faults.ts';
import { FEATURE_NAMES } from '../profiles/features.ts';
import { GRADE_MEANINGS } from '../profiles/grades.ts';
import { DEFAULT_PROFILE, PROFILES } from '../profiles/index.ts';
import { GRADES, PLANS, PROVISIONINGS } from '../profiles/profile.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { numberIn } from './number.ts';
import { profileFrom, type SetOption, setOption } from './profile-option.ts';
import { type CommonOptions, type Session, withStorage } from './session.ts';
import { COMMAND, type Terminal } from './terminal.ts';

interface CreateOptions extends CommonOptions {
  readonly profile: string;
  readonly set?: readonly SetOption[];
  readonly provisioning?: string;
  readonly grade?: string;
  readonly plan?: string;
  readonly owner?: string;
  readonly feature?: readonly string[];
}

/** Adds `tenant create`, `tenant list`, `tenant show` and what changes a tenant. */
export function addTenant(program: Command, terminal: Terminal): void {
  const tenant = program.command('tenant').description('Create and look at tenants');

  storageCommand(tenant, 'create <name>', 'Create a tenant; its name stands in URLs and commands', [
    'tenant create acme',
    'tenant create acme --profile rfc --grade strict',
    'tenant create acme --profile rfc --grade interop',
    'tenant create acme --profile acme-vendor.json',
    'tenant create acme --profile rfc --set invalidInputStatus=422 --set operations.bulk=false',
    'tenant create acme --profile rfc --provisioning manual',
    'tenant create acme --owner ada@example.com --json',
  ])
    .addOption(
      new Option(
        '--profile <profile>',
        `dialect of SCIM: ${PROFILES.map(({ name }) => name).join(', ')}, or a JSON file of your own (see profile check)`,
      ).default(DEFAULT_PROFILE.name),
    )
    .option(
      '--set <flag=value>',
      'change a flag of the profile, such as paging.maxCount=50; repeat it (flags: profile show)',
      setOption,
    )
    .addOption(
      new Option(
        '--provisioning <how>',
        'what becomes of a change of a user: direct, or manual (SCIM is on, and a person does each change by hand)',
      ).choices(PROVISIONINGS),
    )
    .addOption(
      new Option(
        '--grade <grade>',
        `what is taken from clients: ${GRADES.map((grade) => `${grade} (${GRADE_MEANINGS[grade]})`).join(', ')}`,
      ).default('lenient'),
    )
    .addOption(new Option('--plan <plan>', `what it pays for: ${PLANS.join(', ')}`).default('enterprise'))
    .option('--owner <userName>', 'also create this user and make it the owner, whom SCIM cannot delete')
    .option(
      '--feature <feature>',
      `also switch this on: ${FEATURE_NAMES.join(', ')}; repeat it or separate by commas`,
      (text: string, before: readonly string[] = []) => [...before, ...text.split(',').map((name) => name.trim())],
    )
    .action(async (slug: string, given: CreateOptions) => {
      const { profile, set, provisioning, grade, plan, owner, feature, ...options } = given;
      const asked = {
        slug,
        profile: profileFrom(profile, set),
        ...(provisioning && { provisioning }),
        ...(grade && { grade }),
        ...(plan && { plan }),
        ...(owner !== undefined && { owner }),
        ...(feature !== undefined && { features: feature }),
      };
      const create = async ({ context, baseUrl }: Session) => {
        const shown = await showTenant(context, await createTenant(context, COMMAND_LINE, asked), baseUrl);
        answer(terminal, options.json, { tenant: shown }, [
          `Created the tenant ${slug}. Issue a token for it: ${COMMAND} token issue ${slug}`,
        ]);
      };
      await withStorage(terminal, options, 'POST /admin/tenants', create, 'may begin');
    });

  storageCommand(tenant, 'list', 'List the tenants', ['tenant list']).action(async (options: CommonOptions) => {
    await withStorage(terminal, options, 'GET /admin/tenants', async ({ context, baseUrl }) => {
      const tenants: JsonObject[] = [];
      for (const found of await listTenants(context)) tenants.push(await showTenant(context, found, baseUrl));
      const rows = tenants.map((shown) => [shown.slug, shown.profile, shown.grade, shown.createdAt].map(String));
      const lines = rows.length > 0 ? columns(['NAME', 'PROFILE', 'GRADE', 'CREATED'], rows) : ['There is no tenant.'];
      answer(terminal, options.json, { tenants }, lines);
    });
  });

  storageCommand(tenant, 'plan <name> <plan>', 'Put a tenant on another plan', ['tenant plan acme free']).action(
    async (slug: string, plan: string, options: CommonOptions) => {
      await withStorage(terminal, options, `PUT /admin/tenants/${slug}/plan`, async ({ context, baseUrl }) => {
        const changed = await changePlan(context, COMMAND_LINE, await tenantNamed(context, slug), plan);
        const shown = await showTenant(context, changed, baseUrl);
        answer(terminal, options.json, { tenant: shown }, [
          `The tenant ${slug} is on the plan ${changed.plan}. Running servers know within seconds.`,
        ]);
      });
    },
  );

  storageCommand(
    tenant,
    'rate-limit <name> <perSecond>',
    'Agree on requests a second with a tenant; "none" leaves them to its profile and plan',
    ['tenant rate-limit acme 50', 'tenant rate-limit acme none'],
  ).action(async (slug: string, perSecond: string, options: CommonOptions) => {
    await withStorage(terminal, options, `PUT /admin/tenants/${slug}/rate-limit`, async ({ context, baseUrl }) => {
      const asked = perSecond === 'none' ? null : numberIn(perSecond);
      const changed = await changeRateLimit(context, COMMAND_LINE, await tenantNamed(context, slug), asked);
      const shown = await showTenant(context, changed, baseUrl);
      answer(terminal, options.json, { tenant: shown }, [
        `The limit of ${slug}: ${textOf('rateLimit', shown.rateLimit ?? null)}. Running servers know within seconds.`,
      ]);
    });
  });

  storageCommand(
    tenant,
    'token-life <name> <seconds>',
    'Let access tokens live that long, 3600 to 21600 seconds; "none" for the default of 3600',
    ['tenant token-life acme 21600', 'tenant token-life acme none'],
  ).action(async (slug: string, seconds: string, options: CommonOptions) => {
    await withStorage(terminal, options, `PUT /admin/tenants/${slug}/token-life`, async ({ context, baseUrl }) => {
      const asked = seconds === 'none' ? null : numberIn(seconds);
      const changed = await changeTokenLife(context, COMMAND_LINE, await tenantNamed(context, slug), asked);
      const shown = await showTenant(context, changed, baseUrl);
      answer(terminal, options.json, { tenant: shown }, [
        `Access tokens of ${slug} live ${shown.tokenLife} seconds from now on.`,
      ]);
    });
  });

  storageCommand(tenant, 'show <name>', 'Show a tenant', ['tenant show acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}`, async ({ context, baseUrl }) => {
        const shown = await showTenant(context, await tenantNamed(context, slug), baseUrl);
        answer(terminal, options.json, { tenant: shown }, linesOf(shown));
      });
    },
  );
}

function linesOf(shown: JsonObject): string[] {
  const rows = Object.entries(shown).map(([name, value]) => [name, textOf(name, value)]);
  return columns(['', ''], rows).slice(1);
}

function textOf(name: string, value: JsonObject[string]): string {
  if (name === 'roles' && Array.isArray(value)) {
    const roles = value as { name: string; default: boolean }[];
    return roles.map((role) => (role.default ? `${role.name} (default)` : role.name)).join(', ') || 'any';
  }
  if (name === 'features' && Array.isArray(value)) return value.join(', ') || 'none';
  if (name === 'ownProfile') {
    const { extends: base, deviations } = value as { extends: string; deviations: JsonObject };
    return [
      `extends ${base}`,
      ...Object.entries(deviations).map(([flag, to]) => `${flag}=${typeof to === 'string' ? to : JSON.stringify(to)}`),
    ].join(', ');
  }
  if (name === 'rateLimit') {
    if (value === null) return 'none';
    const { perSecond, per, from } = value as JsonObject;
    return `${counted(Number(perSecond), 'request')} a second for ${per === 'tenant' ? 'the tenant' : 'each credential'}${
      from === 'profile' ? ', by its profile' : ''
    }`;
  }
  if (name === 'tokenLife') return `${value} seconds`;
  if (name === 'faults') return faultsText(value as Faults);
  if (name === 'pendingDeprovisioning') return pendingText(value as JsonObject);
  if (name === 'owner') return value === null ? 'none' : String((value as JsonObject).userName);
  return String(value);
}

function pendingText({ count, oldest }: JsonObject): string {
  return count === 0 ? 'none' : `${count}, the first since ${oldest}; see ${COMMAND} task list`;
}
