"""Declared, implemented, proven: three figures that never stand for one another."""

# ruff: noqa: E501 - the small programs below read best with a file on a line

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.api.coverage import implemented, prove
from ingest.readers.api.openapi import declared, segments
from ingest.readers.api.routes import find_routes

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPENAPI = (FIXTURES / "formats/openapi.json").read_bytes()


def value(reading, metric):
    """One figure."""
    return next(f.value for f in reading.figures if f.metric == metric)


def served(files):
    """Method, path and whether it is real, of each route."""
    return {
        (r.method, "/" + "/".join(segments(r.path)), not r.stub)
        for r in find_routes({k: v.encode() for k, v in files.items()})
    }


def test_json_and_yaml_declare_the_same():
    """Both documents hold the same five operations and the same base path."""
    twins = [declared((FIXTURES / f"formats/openapi.{kind}").read_bytes()) for kind in ("json", "yaml")]
    assert len({tuple((o.method, o.path, o.words) for o in twin.operations) for twin in twins}) == 1
    assert {twin.base for twin in twins} == {"/api"}


def test_schemathesis_proves_what_passed():
    """One of five declared operations passed; two failed and two never ran."""
    junit = (FIXTURES / "ci_outputs/python/schemathesis-junit.xml").read_bytes()
    reading = prove(OPENAPI, [("junit.xml", junit)])
    assert (value(reading, "api_declared_count"), value(reading, "api_proven_percent")) == (5, 20)
    assert sorted(item.label for item in reading.items) == ["failed", "failed", "untested", "untested"]


def test_an_event_log_proves_the_same_way():
    """An operation with one failed scenario is not proven, whatever else passed."""
    events = (FIXTURES / "formats/schemathesis-4.ndjson").read_bytes()
    assert value(prove(OPENAPI, [("x", events)]), "api_proven_percent") == 20


def test_dredd_names_operations_by_their_summary():
    """Its test names hold path and summary, or the method where there is none."""
    dredd = (FIXTURES / "formats/dredd.xunit.xml").read_bytes()
    reading = prove(OPENAPI, [("x", dredd)])
    assert value(reading, "api_proven_percent") == 20
    assert [item.text for item in reading.items if item.label == "failed"] == ["GET /health"]


def test_results_of_something_else_prove_nothing():
    """Unit tests are no contract tests: unknown, not zero."""
    junit = (FIXTURES / "ci_outputs/python/pytest-junit.xml").read_bytes()
    assert value(prove(OPENAPI, [("x", junit)]), "api_proven_percent") is None
    assert value(prove(b"{}", [("x", junit)]), "api_declared_count") is None


def test_express_routes_with_their_mount_points():
    """Prefixes are followed through `use`; 501, a marker and "not implemented" are stubs; controllers are looked up."""
    files = {
        "src/app.js": "const express=require('express');\nconst items=require('./routes/items');\nconst app=express();\n"
        "app.use('/api/items', auth, items);\napp.get('/api/health', (req,res)=>res.json({ok:true}));\n"
        "const found = await axios.get('/not/served', {});\n",
        "src/routes/items.js": "const router=require('express').Router();\nconst c=require('../controllers');\n"
        "router.get('/', (req,res)=>{ res.json([]) });\n"
        "router.post('/', (req,res)=>{ res.status(501).end() });\n"
        "router.get('/:id', (req,res)=>{\n  // TODO: read it\n  res.json({})\n});\n"
        "router.delete('/:id', c.removeItem);\nrouter.route('/bulk').put((req,res)=>{ res.json(1) });\n",
        "src/controllers.js": "exports.removeItem = async (req, res) => { throw new Error('Not implemented') };\n",
        "src/routes/items.test.js": "app.get('/only/in/a/test', (req,res)=>{})\n",
    }
    assert served(files) == {
        ("GET", "/api/health", True),
        ("GET", "/api/items", True),
        ("POST", "/api/items", False),
        ("GET", "/api/items/{}", False),
        ("DELETE", "/api/items/{}", False),
        ("PUT", "/api/items/bulk", True),
    }


def test_fastify_routes():
    """Short calls, route objects and plug-ins with a prefix."""
    files = {
        "server.ts": "import Fastify from 'fastify'\nimport items from './items'\nconst fastify = Fastify()\n"
        "fastify.get('/health', async () => ({ok: true}))\nfastify.register(items, { prefix: '/items' })\n",
        "items.ts": "export default async function (fastify) {\n  fastify.route({ method: ['GET','HEAD'], url: '/:id', handler: async () => ({}) })\n"
        "  fastify.post('/', async (req, reply) => { reply.code(501).send() })\n}\n",
    }
    assert served(files) == {
        ("GET", "/health", True),
        ("GET", "/items/{}", True),
        ("HEAD", "/items/{}", True),
        ("POST", "/items", False),
    }


def test_next_routes_are_their_place():
    """App router files by exported method, pages by what they compare; groups are no part of the path."""
    files = {
        "src/app/api/(shop)/items/[id]/route.ts": "export async function GET(req) { return Response.json({}) }\nexport async function DELETE(req) { return new Response('', {status: 501}) }\n",
        "pages/api/users/[id].ts": "export default function h(req,res){ if (req.method === 'PUT') { res.json({}) } }\n",
        "pages/about.tsx": "export default function About() {}\n",
    }
    assert served(files) == {
        ("GET", "/api/items/{}", True),
        ("DELETE", "/api/items/{}", False),
        ("PUT", "/api/users/{}", True),
    }


def test_fastapi_and_flask_routes():
    """Prefixes of routers, of their inclusion and of blueprints; methods lists; stubs in the body."""
    files = {
        "app/main.py": "from fastapi import FastAPI\nfrom app import items\napp = FastAPI()\napp.include_router(items.router, prefix='/api')\n@app.get('/health')\ndef health():\n    return {}\n",
        "app/items.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/items')\n@router.get('/{id}')\nasync def one(id: int):\n    return id\n@router.post('')\ndef make():\n    raise NotImplementedError\n",
        "shop/web.py": "from flask import Blueprint\nbp = Blueprint('shop', __name__, url_prefix='/shop')\n@bp.route('/cart/<int:id>', methods=['GET', 'PUT'])\ndef cart(id):\n    return ''\n",
        "shop/app.py": "from shop.web import bp\napp.register_blueprint(bp)\n",
        "broken.py": "def (:\n",
    }
    assert served(files) == {
        ("GET", "/health", True),
        ("GET", "/api/items/{}", True),
        ("POST", "/api/items", False),
        ("GET", "/shop/cart/{}", True),
        ("PUT", "/shop/cart/{}", True),
    }


def test_django_routes_through_includes():
    """urls.py by urls.py; views that raise are stubs; methods are not reported, so any will do."""
    files = {
        "shop/urls.py": "urlpatterns = [path('api/', include('items.urls')), path('health/', views.health)]\n",
        "items/urls.py": "urlpatterns = [path('items/<int:pk>/', views.Item.as_view()), re_path(r'^tags/(?P<tag>\\w+)/$', views.tags)]\n",
        "items/views.py": "class Item(View):\n    def get(self, request, pk):\n        return 1\ndef tags(request, tag):\n    return HttpResponse(status=501)\ndef health(request):\n    return 1\n",
    }
    assert served(files) == {("*", "/api/items/{}", True), ("*", "/api/tags/{}", False), ("*", "/health", True)}


def test_implemented_counts_routes_that_are_no_stubs():
    """Two of five operations have a real handler, one is a stub, two are missing."""
    code = b"@app.get('/api/items')\ndef a():\n    return []\n@app.get('/health')\ndef b():\n    return 1\n@app.post('/items')\ndef c():\n    raise NotImplementedError\n"
    reading = implemented(OPENAPI, {"app.py": code})
    assert value(reading, "api_implemented_percent") == 40
    assert sorted(item.label for item in reading.items) == ["missing", "missing", "stub"]


def test_code_without_routes_is_unknown():
    """No route found is no zero: the framework may be another one."""
    assert value(implemented(OPENAPI, {"a.go": b"package main"}), "api_implemented_percent") is None


@pytest.mark.parametrize(
    ("left", "right"),
    [("/a/{id}", "/a/:id"), ("/a/{id}/", "/a/<int:pk>"), ("/a/[id]", "/a/{x}?y=1"), ("/a/[...slug]", "/a/*")],
)
def test_parameters_are_the_same_in_every_notation(left, right):
    """Frameworks write them differently."""
    assert segments(left) == segments(right)


_USERS = (
    "import { Router } from 'express';\nconst router = Router();\nrouter.get('/', (q, r) => r.json([]));\n"
    "router.post<{}, User>('/', auth, controller.create);\nexport default router;\n"
)
_SHAPES = {
    "behind middleware": {
        "src/app.ts": "import express from 'express';\nimport usersRouter from './users';\nimport { auth } from './auth';\n"
        "const app = express();\napp.use('/api', limiter({ max: 5 }));\napp.use('/api/users', auth, limiter({ max: 5 }), usersRouter);\n",
        "src/users.ts": _USERS,
        "src/auth.ts": "export const auth = (q, r, n) => n();\n",
    },
    "a factory": {
        "src/app.js": "const express = require('express');\nconst { createUsers } = require('./users');\nconst app = express();\n"
        "app.use('/api/users', createUsers({ db, mail: m(1) }));\n",
        "src/users.js": "function createUsers(deps) {\n  const router = Router();\n  router.route('/').get((q, r) => r.json([])).post(c.create);\n"
        "  return router;\n}\nmodule.exports = { createUsers };\n",
    },
    "a function of the app": {
        "src/app.ts": "import routes from './routes';\nconst app: Express = express();\nroutes(app);\n",
        "src/routes.ts": "import users from './users';\nexport default function routes(server: Express) {\n  server.use('/api/users', users);\n}\n",
        "src/users.ts": _USERS,
    },
    "index files": {
        "src/app.ts": "import { api } from './routes';\nconst app = express();\napp.use('/api', api);\n",
        "src/routes/index.ts": "export { default as api } from './api';\n",
        "src/routes/api/index.ts": "import * as all from './parts';\nconst inner = Router()\n  .use('/users', all.usersRouter);\nexport default Router().use(inner);\n",
        "src/routes/api/parts.ts": "export { default as usersRouter } from './users';\n",
        "src/routes/api/users.ts": _USERS,
    },
    "a list": {
        "src/app.js": "const routes = require('./routes');\nconst app = express();\napp.use('/api', routes);\n",
        "src/routes.js": "const users = require('./users');\nconst router = express.Router();\nconst all = [\n  { path: '/users', route: users },\n];\n"
        "all.forEach((one) => {\n  router.use(one.path, one.route);\n});\nmodule.exports = router;\n",
        "src/users.js": _USERS.replace("export default router", "module.exports = router"),
    },
    "constants and a class": {
        "src/app.ts": "import users from '@/users';\nconst BASE = '/api';\nclass App {\n  constructor() {\n    this.app = express();\n"
        "    this.app.use(`${BASE}/users`, [auth, users]);\n  }\n}\n",
        "src/users.ts": _USERS,
    },
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_an_express_router_is_found_however_it_is_mounted(shape):
    """Middleware, factories, functions of the app, index files, lists and constants all lead to the same two routes."""
    found = find_routes({path: body.encode() for path, body in _SHAPES[shape].items()})
    assert sorted((r.method, r.path, r.mounted) for r in found) == [
        ("GET", "/api/users", True),
        ("POST", "/api/users", True),
    ]


def test_a_commented_mount_and_a_commented_route_are_none():
    """What is commented out serves nobody, and an address with two slashes opens no comment."""
    found = served(
        {
            "app.js": "const old = require('./old');\nconst app = express();\nconst home = 'https://example.org';\n"
            "app.get('/a', (q, r) => r.send(home));\n// app.get('/b', handler);\n/* app.use('/v0', old); */\n",
        }
    )
    assert {path for _, path, _ in found} == {"/a"}


def test_a_mount_point_that_cannot_be_read_is_no_guess():
    """Under a prefix out of the settings a route is matched by the end of its path, and marked as such."""
    files = {
        "app.js": b"const app = express();\nconst users = require('./users');\napp.use(config.prefix, users);\n",
        "users.js": b"const router = Router();\nrouter.get('/users', (q, r) => r.json([]));\nmodule.exports = router;\n",
    }
    assert [(route.path, route.mounted) for route in find_routes(files)] == [("/users", False)]


def test_routers_that_mount_each_other_end():
    """Two routers in a circle are read, not followed for ever."""
    files = {
        "a.js": b"const b = require('./b');\nconst r = Router();\nr.use('/b', b);\nr.get('/x', h);\nmodule.exports = r;\n",
        "b.js": b"const a = require('./a');\nconst r = Router();\nr.use('/a', a);\nr.get('/y', h);\nmodule.exports = r;\n",
    }
    assert {route.path.rsplit("/", 1)[-1] for route in find_routes(files)} == {"x", "y"}


def test_head_and_options_routes_of_express_count():
    """A router that only answers HEAD or OPTIONS serves those routes."""
    body = "const app = require('express')();\napp.head('/files', send);\nother.options('/files', allow);\n"
    routes = find_routes({"server.js": body.encode()})
    assert {(route.method, route.path) for route in routes} == {("HEAD", "/files"), ("OPTIONS", "/files")}


def test_two_slashes_in_a_regular_expression_open_no_comment():
    """A route after a regular expression with // or a quote in it is still read; a division is none."""
    body = (
        "const app = require('express')();\n"
        "app.get(/\\/user:(\\w+)\\//, handler); app.get('/a', (req, res) => res.json(x / 2 / 3));\n"
        "const quote = /['\"`]/; app.post('/b', (req, res) => res.json(1)); // app.get('/commented', h)\n"
    )
    assert {(route.method, route.path) for route in find_routes({"server.js": body.encode()})} == {
        ("GET", "/a"),
        ("POST", "/b"),
    }
