"""Credentials whose issuers document their shape: what they begin with, what follows, an example, and a page.

The examples are made up. They are put together from pieces, so that no scanner of this repository takes one for real.
"""

from __future__ import annotations

from typing import NamedTuple


class Issued(NamedTuple):
    """A credential that its issuer documents: what it begins with (each one; "a|b" is a choice), and what follows."""

    prefix: str
    rest: str
    example: tuple[str, str]  # the first part, and what follows it
    documented: str  # the issuer's page about it
    begins: tuple[str, ...] = ()  # the prefixes in full, where `prefix` holds more than a choice of words

    @property
    def is_telling(self) -> bool:
        """Whether the prefix alone gives it away, also where the rest was cut off."""
        return len(self.hints()[0]) > 2 and self.prefix not in _COMMON_BEGINNINGS

    def hints(self) -> tuple[str, ...]:
        """Lower-case texts of which one must be there for the shape to be found."""
        return tuple(text.lower() for text in self.begins or self.prefix.split("|"))


_GITHUB = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
)
_GITLAB = "https://docs.gitlab.com/security/tokens/"
_GITLAB_PREFIXES = "glpat-|glptt-|gldt-|glrt-|glrtr-|glcbt-|glagent-|glsoat-|gloas-|glimt-|glft-|glffct-|glwt-"
_SLACK = "https://docs.slack.dev/authentication/tokens"
_SHOPIFY = "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing"
_STRIPE = "https://docs.stripe.com/keys"
_HASHICORP = "https://developer.hashicorp.com/vault/docs/concepts/tokens"

# Beginnings that ordinary words share: only the whole shape counts.
_COMMON_BEGINNINGS = frozenset(("cio", "pul-", r"\bkey-", r"\b[0-9a-f]{32}-us", "SK"))

ISSUED = (
    Issued("ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{30,255}", ("ghp_", "a1B2" * 9), _GITHUB),
    Issued("github_pat_", r"[A-Za-z0-9_]{40,255}", ("github_pat_", "a1B2" * 12), _GITHUB),
    Issued(_GITLAB_PREFIXES, r"[A-Za-z0-9_\-]{20,64}", ("glpat-", "a1B2" * 5), _GITLAB),
    Issued(
        "AKIA|ASIA|AGPA|AIDA|AROA",
        r"[A-Z0-9]{16}",
        ("AKIA", "A1B2" * 4),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Issued("AIza", r"[A-Za-z0-9_\-]{35}", ("AIza", "a1B2c" * 7), "https://cloud.google.com/docs/authentication/api-keys"),
    Issued(
        r"ya29\.",
        r"[A-Za-z0-9_\-]{20,400}",
        ("ya29.", "a1B2" * 9),
        "https://developers.google.com/identity/protocols/oauth2",
        ("ya29.",),
    ),
    Issued(
        "GOCSPX-",
        r"[A-Za-z0-9_\-]{28}",
        ("GOCSPX-", "a1B2" * 7),
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    Issued(r"xox[abeoprs]-", r"[A-Za-z0-9\-]{10,200}", ("xoxb-", "1234567890-a1B2c3"), _SLACK, ("xox",)),
    Issued("xapp-", r"[A-Za-z0-9\-]{20,200}", ("xapp-", "1-A1B2-" * 4), _SLACK),
    Issued("sk_live_|sk_test_|rk_live_|rk_test_", r"[A-Za-z0-9]{16,200}", ("sk_live_", "a1B2" * 6), _STRIPE),
    Issued("whsec_", r"[A-Za-z0-9+/=]{24,200}", ("whsec_", "a1B2" * 8), "https://docs.stripe.com/webhooks"),
    Issued("sk-", r"[A-Za-z0-9_\-]{32,200}", ("sk-", "a1B2" * 12), "https://platform.openai.com/docs/api-reference"),
    Issued(
        "npm_", r"[A-Za-z0-9]{36}", ("npm_", "a1B2" * 9), "https://docs.npmjs.com/about-access-tokens"
    ),
    Issued("pypi-", r"[A-Za-z0-9_\-]{60,300}", ("pypi-", "a1B2" * 20), "https://pypi.org/help/#apitoken"),
    Issued(
        r"SG\.",
        r"[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}",
        ("SG.", f"{'a1' * 11}.{'b2' * 21}c"),
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        ("SG.",),
    ),
    Issued("hf_", r"[A-Za-z0-9]{34}", ("hf_", "a1" * 17), "https://huggingface.co/docs/hub/security-tokens"),
    Issued(
        "dop_v1_|doo_v1_|dor_v1_",
        r"[a-f0-9]{64}",
        ("dop_v1_", "a1b2" * 16),
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
    ),
    Issued(
        "dckr_pat_|dckr_oat_",
        r"[A-Za-z0-9_\-]{27,32}",
        ("dckr_pat_", "a1B" * 9),
        "https://docs.docker.com/security/access-tokens/",
    ),
    Issued(
        "dapi", r"[a-f0-9]{32}", ("dapi", "a1b2" * 8), "https://docs.databricks.com/aws/en/dev-tools/auth/pat"
    ),
    Issued(r"hvs\.|hvb\.", r"[A-Za-z0-9_\-]{24,200}", ("hvs.", "a1B2" * 8), _HASHICORP, ("hvs.", "hvb.")),
    Issued(
        "glsa_",
        r"[A-Za-z0-9]{32}_[a-f0-9]{8}",
        ("glsa_", f"{'a1B2' * 8}_{'a1' * 4}"),
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ),
    Issued(
        "glc_", r"eyJ[A-Za-z0-9+/=]{40,400}", ("glc_", "eyJ" + "a1B2" * 12), "https://grafana.com/docs/grafana-cloud/"
    ),
    Issued(
        "ATATT3|ATCTT3",
        r"[A-Za-z0-9_\-]{50,250}(?:=[A-F0-9]{8})?",
        ("ATATT3", "a1B2" * 20),
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    ),
    Issued(
        "rubygems_", r"[a-f0-9]{48}", ("rubygems_", "a1b2" * 12), "https://guides.rubygems.org/api-key-scopes/"
    ),
    Issued("shpat_|shpca_|shppa_|shpss_|shprt_", r"[A-Za-z0-9]{32,64}", ("shpat_", "a1b2" * 8), _SHOPIFY),
    Issued(
        r"SK", r"[0-9a-f]{32}(?![0-9A-Za-z])", ("SK", "a1b2" * 8), "https://www.twilio.com/docs/iam/api-keys", ("sk",)
    ),
    Issued(
        r"\b[0-9]{8,10}:",
        r"[A-Za-z0-9_\-]{35}(?![A-Za-z0-9_\-])",
        ("123456789:", "AAa1B" * 7),
        "https://core.telegram.org/bots/api#authorizing-your-bot",
        (":",),
    ),
    Issued(
        r"\b[MNO][A-Za-z0-9_\-]{23,27}\.[A-Za-z0-9_\-]{6}\.",
        r"[A-Za-z0-9_\-]{27,45}",
        ("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.", "a1B2c3d4e" * 3),
        "https://discord.com/developers/docs/reference#authentication",
        (".",),
    ),
    Issued(
        r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,22}/",
        r"[A-Za-z0-9_\-]{50,100}",
        ("discord.com/api/webhooks/123456789012345678/", "a1B2" * 17),
        "https://discord.com/developers/docs/resources/webhook",
        ("/webhooks/",),
    ),
    Issued(
        r"\bkey-",
        r"[0-9a-f]{32}(?![0-9A-Za-z])",
        ("key-", "a1b2" * 8),
        "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
        ("key-",),
    ),
    Issued(
        r"\b[0-9a-f]{32}-us",
        r"\d{1,2}(?!\d)",
        ("a1b2" * 8 + "-us", "12"),
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
        ("-us",),
    ),
    Issued(
        "sq0atp-|sq0csp-|sq0idp-",
        r"[A-Za-z0-9_\-]{22,60}",
        ("sq0atp-", "a1B2" * 6),
        "https://developer.squareup.com/docs/build-basics/access-tokens",
    ),
    Issued("lin_api_|lin_oauth_", r"[A-Za-z0-9]{32,80}", ("lin_api_", "a1B2" * 10), "https://linear.app/developers"),
    Issued(
        "ntn_", r"[A-Za-z0-9]{40,60}", ("ntn_", "a1B2" * 11), "https://developers.notion.com/docs/authorization"
    ),
    Issued(
        "figd_", r"[A-Za-z0-9_\-]{36,60}", ("figd_", "a1B2" * 10), "https://www.figma.com/developers/api#access-tokens"
    ),
    Issued(
        "NRAK-|NRJS-", r"[A-Za-z0-9]{19,32}", ("NRAK-", "A1B2" * 7),
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    Issued(
        "sntrys_|sntryu_", r"[A-Za-z0-9_+/=]{40,400}", ("sntrys_", "a1B2" * 12), "https://docs.sentry.io/account/auth-tokens/"
    ),
    Issued(
        "pscale_tkn_|pscale_pw_|pscale_oauth_",
        r"[A-Za-z0-9_.\-]{32,64}",
        ("pscale_tkn_", "a1B2" * 10),
        "https://planetscale.com/docs/api/reference/service-tokens",
    ),
    Issued(
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.",
        r"[A-Za-z0-9_.\-]{40,80}",
        ("dp.pt.", "a1B2" * 11),
        "https://docs.doppler.com/docs/service-tokens",
        ("dp.",),
    ),
    Issued("nfp_", r"[A-Za-z0-9_\-]{36,60}", ("nfp_", "a1B2" * 9), "https://docs.netlify.com/api/get-started/"),
    Issued(
        "HRKU-", r"[A-Za-z0-9_\-]{36,70}", ("HRKU-", "a1B2" * 9), "https://devcenter.heroku.com/articles/authentication"
    ),
    Issued(
        "sbp_", r"[a-f0-9]{40}", ("sbp_", "a1b2" * 10), "https://supabase.com/docs/reference/api/introduction"
    ),
    Issued("r8_", r"[A-Za-z0-9]{37,40}", ("r8_", "a1B2" * 9 + "c"), "https://replicate.com/docs/topics/security/api-tokens"),
    Issued("gsk_", r"[A-Za-z0-9]{48,56}", ("gsk_", "a1B2" * 13), "https://console.groq.com/docs/quickstart"),
    Issued(
        "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34}", ("PMAK-", f"{'a1' * 12}-{'b2' * 17}"),
        "https://learning.postman.com/docs/developer/postman-api/authentication/",
    ),
    Issued("pul-", r"[a-f0-9]{40}", ("pul-", "a1b2" * 10), "https://www.pulumi.com/docs/pulumi-cloud/access-management/"),
    Issued(
        "CCIPAT_|CCIPRJ_", r"[A-Za-z0-9_]{40,80}", ("CCIPAT_", "a1B2" * 12),
        "https://circleci.com/docs/managing-api-tokens/",
    ),
    Issued("bkua_", r"[a-f0-9]{40}", ("bkua_", "a1b2" * 10), "https://buildkite.com/docs/apis/managing-api-tokens"),
    Issued(
        "AGE-SECRET-KEY-1", r"[0-9A-Z]{58}", ("AGE-SECRET-KEY-1", "Q1Z2" * 14 + "Q1"), "https://age-encryption.org/v1"
    ),
    Issued("pat-na1-|pat-eu1-", r"[0-9a-f\-]{36}", ("pat-na1-", "a1b2c3d4-" * 4),
           "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview"),
    Issued("cio", r"[A-Za-z0-9]{32}", ("cio", "a1B2" * 8), "https://doc.rust-lang.org/cargo/reference/publishing.html"),
)  # fmt: skip
