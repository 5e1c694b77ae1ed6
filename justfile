# For those who type `just`: the same verbs as the Makefile.
default:
    @make help

dev-backend:
    make setup
    .venv/bin/lockstep serve --reload

setup:
    make setup

run:
    make run

test:
    make test

check:
    make check

fix:
    make fix

generate:
    make generate
