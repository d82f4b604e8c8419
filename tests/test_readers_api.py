"""Declared, implemented, proven: three figures that never stand for one another."""

# ruff: noqa: E501 - the small programs below read best with a file on a line

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.api_openapi import declared, segments
from ingest.readers.api_results import implemented, prove
from ingest.readers.api_routes import find_routes

FIXTURES = Path(__file__).parent / "fixtures"
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
    """urls.py by urls.py; views that raise are stubs; methods are not told, so any will do."""
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
