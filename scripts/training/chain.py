"""The states of paragraphs as a chain (conditional random fields, Lafferty et al. 2001): scores of single paragraphs, and what
may follow what. A block quotation goes on only where one stands before. Decoding the likeliest chain, as the program does, asks
for the scores as they are; only learning needs the sum over all chains."""
import torch
from torch.nn import functional as F

from corpora import IGNORED
from heads import AUTHORS, GOES_ON, STATES

IMPOSSIBLE = -1e4


def log_sum(scores, lengths):
    """The logarithm of the summed weights of all chains, for each row of scores (rows x paragraphs x states). Neighbouring steps
    are joined two by two until one is left, so that a long chain takes few operations."""
    rows, most, _ = scores.shape
    follows = torch.zeros(STATES, STATES, device=scores.device)
    follows[AUTHORS, GOES_ON] = IMPOSSIBLE
    standing = IMPOSSIBLE * (1 - torch.eye(STATES, device=scores.device))
    inside = torch.arange(1, most, device=scores.device) < lengths[:, None]
    steps = torch.where(inside[..., None, None], follows + scores[:, 1:, None, :], standing)
    while steps.shape[1] > 1:
        if steps.shape[1] % 2:
            steps = torch.cat([steps, standing.expand(rows, 1, STATES, STATES)], dim=1)
        steps = torch.logsumexp(steps[:, ::2, :, :, None] + steps[:, 1::2, None, :, :], dim=3)
    through = steps[:, 0] if most > 1 else standing
    return torch.logsumexp(scores[:, 0, :, None] + through, dim=(1, 2))


def loss_of_chain(scores, states, lengths):
    """How unlikely the right chains are, for each paragraph whose state is known; what is not known may be anything."""
    right = F.one_hot(states.clamp(min=0), STATES).bool() | (states == IGNORED)[..., None]
    given = torch.where(right, scores, scores + IMPOSSIBLE)
    any_chain, right_chains = log_sum(torch.cat([scores, given]), lengths.repeat(2)).chunk(2)
    return (any_chain - right_chains).sum() / (states != IGNORED).sum().clamp(min=1)
