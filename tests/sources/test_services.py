"""The table of services says of each what asking it takes."""

from itertools import groupby

import pytest

from broadsheet.net.addresses import read_url
from broadsheet.sources import services
from broadsheet.sources.adapter import Service

ALL = [value for value in vars(services).values() if isinstance(value, Service)]


def test_every_service_has_a_name_of_its_own() -> None:
    names = [service.name for service in ALL] + [service.queue for service in ALL if service.queue]
    assert len({service.name for service in ALL}) == len(ALL)
    assert {service.queue for service in ALL} & {service.name for service in ALL} == set()
    assert all(names)


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
def test_every_service_says_where_its_terms_are_and_is_asked_in_secret_and_at_leisure(service: Service) -> None:
    assert read_url(service.terms).scheme == "https"
    assert service.gap_s >= 1.0
    if service.base:
        base = read_url(service.base)
        assert (base.scheme, base.host in service.hosts) == ("https", True)


def test_services_of_one_queue_have_the_same_pace() -> None:
    queued = sorted((service for service in ALL if service.queue), key=lambda service: service.queue)
    for _, some in groupby(queued, key=lambda service: service.queue):
        assert len({(service.gap_s, service.timeout_s) for service in some}) == 1


def test_all_of_arxiv_is_one_queue_with_three_seconds_between_requests() -> None:
    arxiv = [service for service in ALL if "arxiv.org" in service.base]
    assert {(service.queue, service.gap_s >= 3.0) for service in arxiv} == {("arxiv", True)}
