"""A test that hangs ends, and says where."""

import asyncio
import traceback

import pytest

from tests.support.limits import limited

pytestmark = pytest.mark.one_engine


async def test_what_never_comes_is_given_up_where_it_is_waited_for():
    async def hangs():
        never_set = asyncio.Event()
        await never_set.wait()

    with pytest.raises(TimeoutError) as given_up:
        await limited(hangs, 0.01)()
    cause = given_up.value.__cause__ or given_up.value.__context__
    assert "never_set.wait()" in "".join(traceback.format_exception(cause))


async def test_this_very_test_has_a_limit(request):
    assert request.node.obj.__wrapped__ is not None
