"""A git repository, read with plumbing only: never its hooks, helpers, network or working tree."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from ingest.source import SourceError

# What a repository's own configuration must not decide: programs to run, networks to reach, the shape of the answer.
_SAFE = (
    "core.fsmonitor=false",
    "core.hooksPath=" + os.devnull,
    "core.alternateRefsCommand=",
    "log.showSignature=false",
    "log.diffMerges=separate",
    "log.follow=false",
    "diff.relative=false",
    "diff.ignoreSubmodules=none",
    "core.quotePath=false",
    # git maps whole packs into memory where it may: half a gigabyte for a large history, and no faster.
    "core.packedGitWindowSize=16m",
    "core.packedGitLimit=200m",
    "color.ui=false",
    "gc.auto=0",
)
_LOG = (
    *("--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--root", "-r"),
    *("--no-ext-diff", "--no-textconv", "--no-mailmap", "--no-show-signature", "--encoding=UTF-8", "-O" + os.devnull),
    "--format=%x01%H%x00%P%x00%ct%x00%an%x00%s",
)
_FOREIGN_ENVIRONMENT = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY"),
    *("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES", "GIT_LITERAL_PATHSPECS"),
)
# A missing object of a partial clone is reported, not fetched; replacement objects would make two clones disagree.
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
}
_BAD_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|^[-/]|/$|\.lock$|//")
_PIPE_BYTES = 1 << 20
_ORIGIN_HEAD, _ORIGIN_URL = "refs/remotes/origin/HEAD", "remote.origin.url"
BACKGROUND = 15  # the nice value of processes that read for a pull
_MOST_DAMAGED = 20  # damaged objects that are tried before a clone is taken for unchanged


class GitRepository:
    """A repository found at a path: a working tree, a linked worktree or a bare directory, with or without config."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git_dir = _find_git_dir(path)

    def tip(self, branch: str = "") -> tuple[str, str] | None:
        """Return (ref, commit) of the main branch; None while it has no commit; SourceError for an unknown name.

        Without a name: the branch that origin/HEAD names, else HEAD's, else main or master. Of a local and a remote
        branch of that name the remote one is taken, unless the local one contains it.
        """
        if branch:
            return self._named_tip(branch)
        # Symbolic names are never packed: without a file there is none, and a process of git takes 3 ms.
        places = [self._common_dir() / name for name in (_ORIGIN_HEAD, "reftable")]
        remote = self.ask("symbolic-ref", "--quiet", _ORIGIN_HEAD) if any(map(os.path.lexists, places)) else ""
        if remote.startswith("refs/remotes/origin/") and (tip := self._fresher(remote)):
            return tip
        known = self.ask("rev-parse", "HEAD^{commit}", "--symbolic-full-name", "HEAD").split("\n")
        if len(known) == 2:  # fewer without a commit, and where a branch has the name HEAD
            return known[1], known[0]
        if commit := self._commit("HEAD"):
            return self.ask("symbolic-ref", "--quiet", "HEAD") or "HEAD", commit
        for name in ("main", "master"):
            if tip := self._fresher(f"refs/remotes/origin/{name}"):
                return tip
        return None

    def shallow_mark(self) -> str:
        """Return "" for a complete history, else a digest of where it is cut."""
        try:
            return sha256((self._common_dir() / "shallow").read_bytes()).hexdigest()[:16]
        except OSError:
            return ""

    def continues(self, old: str, new: str) -> bool:
        """Say whether the first-parent line of `new` runs through `old`."""
        lines = self.ask("rev-list", "--first-parent", "--parents", f"{old}..{new}", "--").splitlines()
        return bool(lines) and lines[-1].split(" ")[1:2] == [old]

    def has_commits(self, amount: int, tip: str, after: str = "") -> bool:
        """Say whether the first-parent line of `after..tip` has so many commits; no more are counted."""
        span = f"{after}..{tip}" if after else tip
        return self.ask("rev-list", "--first-parent", "--count", f"--max-count={amount}", span, "--") == str(amount)

    def file_at(self, commit: str, path: str) -> bytes:
        """Return the file's bytes at the commit, b"" when there is none."""
        return self._run("cat-file", "blob", f"{commit}:{path}").stdout

    def remote(self) -> str:
        """Return the address that origin, or else the first remote, was cloned from; "" without a remote."""
        lines = self.ask("config", "--local", "--get-regexp", r"^remote\..*\.url$").splitlines()
        remotes = sorted((line.split(" ", 1) for line in lines if " " in line), key=lambda pair: pair[0] != _ORIGIN_URL)
        return remotes[0][1].strip() if remotes else ""

    def version(self) -> str:
        """Return git's own version."""
        return self.ask("version").removeprefix("git version ")

    @contextlib.contextmanager
    def log(self, tip: str, after: str = "") -> Iterator[IO[bytes]]:
        """Stream the raw first-parent log, newest commit first (a pack keeps the newest blob whole: 1.5 x faster)."""
        arguments = ["log", *_LOG, f"{after}..{tip}" if after else tip, "--"]
        with self._process(arguments) as process, process.stdout as stream:
            lower_priority(process.pid)
            yield stream
            _refuse_failure(process, self.path)

    @contextlib.contextmanager
    def blobs(self, answer: str = "") -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Yield (requests, answers) of one `git cat-file --batch`; close the requests to end it.

        `answer` is the format of the line before a file's bytes, where git's own is not enough.
        """
        with (
            self._offline_view() as (git_dir, objects),
            self._process(
                ["cat-file", f"--batch={answer}" if answer else "--batch", "--buffer"],
                stdin=subprocess.PIPE,
                git_dir=git_dir,
                objects=objects,
            ) as process,
        ):
            lower_priority(process.pid)
            _widen(process.stdin)
            _widen(process.stdout)
            yield process.stdin, process.stdout
            _refuse_failure(process, self.path)

    @contextlib.contextmanager
    def _offline_view(self) -> Iterator[tuple[Path | None, str]]:
        """Yield (None, "") or, for a partial clone, a bare folder without remotes that shows the same objects.

        git dies at the first missing object when it knows of a remote to fetch it from and may not; without the remote
        it says which ones are missing.
        """
        if not self.ask("config", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$"):
            yield None, ""
            return
        import tempfile  # takes as long to load as all else that a pull with nothing new needs

        with tempfile.TemporaryDirectory(prefix="tminus-") as name:
            folder = Path(name)
            for part in ("refs", "objects"):
                (folder / part).mkdir()
            (folder / "HEAD").write_text("ref: refs/heads/none\n")
            if (form := self.ask("rev-parse", "--show-object-format")) == "sha256":
                (folder / "config").write_text(
                    f"[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = {form}\n"
                )
            yield folder, str(self._common_dir() / "objects")

    def _common_dir(self) -> Path:
        """Where objects live: a linked worktree shares those of its main repository."""
        try:
            return self.git_dir / (self.git_dir / "commondir").read_text().strip()
        except OSError:
            return self.git_dir

    def ask(self, *arguments: str) -> str:
        """Run a small command and return its first answer, stripped; "" when git refuses."""
        return self._run(*arguments).stdout.decode("utf-8", "replace").strip()

    def read(self, *arguments: str) -> bytes:
        """Run a command and return its whole answer as bytes; b"" when git refuses."""
        return self._run(*arguments).stdout

    def checked(self, *arguments: str) -> bytes:
        """Run a command and return its whole answer as bytes; SourceError with git's reason when it refuses."""
        done = self._run(*arguments)
        if done.returncode:
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = complaint[0] if complaint else "no reason given"
            raise SourceError(f"git cannot read {self.path}: {reason}; is the clone partial or shallow?")
        return done.stdout

    def empty_tree(self) -> str:
        """The name of the tree without files, in the hash of this repository."""
        return self.ask("hash-object", "-t", "tree", os.devnull)

    def has_commit(self, sha: str) -> bool:
        """Say whether the clone holds a commit, whichever branch it is on."""
        return bool(self._commit(sha))

    def commit_of(self, revision: str) -> str:
        """The full hash of a revision: a commit, tag, branch, or a branch that only the remote has; "" for none."""
        remote = "" if revision.startswith(("-", "refs/")) else f"refs/remotes/origin/{revision}"
        return self._commit(revision) or (self._commit(remote) if remote else "")

    def meanings(self, revision: str) -> dict[str, str]:
        """The commits that a name may mean, by the full name of each: a tag and a branch can have the same one.

        A range names no commit.
        """
        refs = () if revision == "HEAD" else (f"refs/heads/{revision}", f"refs/tags/{revision}")
        found = {ref: commit for ref in refs if (commit := self._commit(ref))}
        other = "" if found or ".." in revision else self._commit(revision)
        return {revision: other} if other else found

    def ancestors(self, commit: str) -> frozenset[str]:
        """The commit, all that it builds on as far as the clone goes, and its parents where the clone is cut."""
        listed = self.checked("rev-list", commit, "--").decode().split()
        raw = self.checked("cat-file", "commit", commit).partition(b"\n\n")[0].decode("utf-8", "replace")
        parents = [line.removeprefix("parent ") for line in raw.splitlines() if line.startswith("parent ")]
        return frozenset([*listed, *parents])

    def merge_base(self, one: str, other: str) -> str:
        """The newest commit that both build on; "" when there is none, or the clone is cut before it."""
        return self.ask("merge-base", one, other)

    @contextlib.contextmanager
    def answers(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Yield (requests, answers) of a command that answers each request at once, such as `cat-file --batch`."""
        with (
            self._offline_view() as (git_dir, objects),
            self._process(list(arguments), stdin=subprocess.PIPE, git_dir=git_dir, objects=objects) as process,
        ):
            yield process.stdin, process.stdout

    def has_any_of(self, oids: Sequence[str]) -> bool:
        """Say whether one of these file versions can be read in full; git ends at each damaged one."""
        left = [oid.encode() for oid in oids]
        for _ in range(_MOST_DAMAGED):
            with contextlib.suppress(SourceError, OSError), self.answers("cat-file", "--batch") as (requests, answers):
                while left:
                    requests.write(left.pop() + b"\n")
                    requests.flush()
                    header = answers.readline().split()
                    if len(header) < 2:
                        break
                    if header[1] != b"missing":
                        size = int(header[2]) + 1
                        if len(answers.read(size)) == size:
                            return True
                        break
            if not left:
                break
        return False

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                self._command(arguments), capture_output=True, check=False, env=_environment(), stdin=subprocess.DEVNULL
            )
        except OSError as problem:
            raise SourceError(f"cannot run git for {self.path}: {problem.strerror}; install git") from problem

    def _command(self, arguments: Sequence[str], git_dir: Path | None = None) -> list[str]:
        flags = [part for setting in _SAFE for part in ("-c", setting)]
        return ["git", "--no-pager", *flags, f"--git-dir={git_dir or self.git_dir}", *arguments]

    @contextlib.contextmanager
    def _process(
        self, arguments: Sequence[str], *, stdin: int | None = None, git_dir: Path | None = None, objects: str = ""
    ) -> Iterator[Any]:
        """Run git through GitPython as a streaming process whose complaints are drained; stopped when left early."""
        environment = _environment() | ({"GIT_OBJECT_DIRECTORY": objects} if objects else {})
        process = self._gitpython().execute(
            self._command(arguments, git_dir), istream=stdin, as_process=True, env=environment
        )
        complaints: list[bytes] = []
        drain = threading.Thread(target=lambda: complaints.append(_first_bytes(process.stderr)), daemon=True)
        drain.start()
        process.proc.complaints = complaints
        process.proc.drain = drain
        try:
            yield process.proc
        finally:
            _stop(process.proc)
            drain.join()

    def _gitpython(self) -> Any:
        """GitPython's command runner: of the repository, or a plain one where GitPython refuses to open it."""
        try:
            import git
        except ImportError as problem:  # GitPython looks for the program when it is imported
            raise SourceError(f"cannot run git for {self.path}: {str(problem).splitlines()[0]}") from problem
        try:
            return git.Repo(self.git_dir).git
        except (git.GitError, OSError, ValueError, KeyError):
            return git.Git(str(self.git_dir))

    def _commit(self, ref: str) -> str:
        return self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")

    def _named_tip(self, branch: str) -> tuple[str, str] | None:
        if _BAD_BRANCH.search(branch):
            raise SourceError(f"branch {branch!r} of {self.path} is not a valid branch name: correct project.branch")
        name = branch.removeprefix("refs/heads/")
        refs = [branch] if branch.startswith("refs/") else []
        refs += [f"refs/heads/{name}", f"refs/remotes/origin/{name}", f"refs/remotes/{name}", f"refs/tags/{name}"]
        for ref in refs + ([branch] if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", branch) else []):
            if commit := self._commit(ref):
                return ref, commit
        if not self._commit("HEAD") and self.ask("symbolic-ref", "--quiet", "HEAD") == f"refs/heads/{name}":
            return None  # the branch is chosen, its first commit is still to come
        raise SourceError(
            f"branch {branch!r} is not in {self.path}: found {self._branch_names()}; correct project.branch"
        )

    def _branch_names(self) -> str:
        names = self.ask("for-each-ref", "--count=6", "--format=%(refname:short)", "refs/heads", "refs/remotes").split()
        return ", ".join(names) or "no branch at all"

    def _fresher(self, remote_ref: str) -> tuple[str, str] | None:
        """Choose between a remote branch and the local one of its name."""
        local_ref = remote_ref.replace("refs/remotes/origin/", "refs/heads/", 1)
        local, remote = self._commit(local_ref), self._commit(remote_ref)
        if not remote:
            return (local_ref, local) if local else None
        return (local_ref, local) if local and self._contains(local, remote) else (remote_ref, remote)

    def _contains(self, descendant: str, ancestor: str) -> bool:
        return descendant == ancestor or self._run("merge-base", "--is-ancestor", ancestor, descendant).returncode == 0


def _find_git_dir(path: Path) -> Path:
    """Find the git directory of exactly this path: a parent's repository would be counted by mistake."""
    if not path.is_dir():
        raise SourceError(f"no folder at {path}: correct project.repository")
    dot_git = path / ".git"
    if dot_git.is_file():
        target = dot_git.read_text("utf-8", "replace").strip().removeprefix("gitdir:").strip()
        return (path / target).resolve()
    for candidate in (dot_git, path):
        if (candidate / "HEAD").exists() and (candidate / "objects").is_dir():
            return candidate.resolve()
    raise SourceError(f"no git repository at {path}: run `git init` there, or correct project.repository")


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in _FOREIGN_ENVIRONMENT} | _ENVIRONMENT


def _first_bytes(stream: IO[bytes], limit: int = 4096) -> bytes:
    """Read a stream to its end and keep its beginning."""
    kept = stream.read(limit)
    while stream.read(1 << 16):
        pass
    return kept


def lower_priority(pid: int) -> None:
    """Let a process of a pull leave the processors to those who read; never this one, which holds the warehouse's lock.

    Where processors are free nothing gets slower.
    """
    if hasattr(os, "setpriority"):  # not on Windows
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, pid, max(BACKGROUND, os.getpriority(os.PRIO_PROCESS, pid)))


def _widen(stream: IO[bytes]) -> None:
    """Give the pipe a megabyte, where the system knows how: fewer changes between git and us."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _stop(process: Any) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    if process.poll() is None:
        process.kill()
    process.wait()


def _refuse_failure(process: Any, path: Path) -> None:
    """Raise when git ended badly; its first complaint is the reason."""
    if process.wait() == 0:
        return
    process.drain.join()
    complaints = b"".join(process.complaints).decode("utf-8", "replace").splitlines()
    reason = next((line for line in complaints if line.startswith(("fatal", "error"))), "no reason given")
    raise SourceError(f"git cannot read the history of {path}: {reason}; try `git fsck` there, or clone it again")
