from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from src.config import ModelConfig
from src.errors import ConfigError
from src.labels import Label
from src.models.dual_branch import TinyGuardrail
from src.models.embeddings import CharCNN, GuardEmbeddings
from src.models.quantized import set_fake_quant
from src.models.router import Router
from src.models.surface import SurfaceFeatures
from src.models.transformer import (
    EncoderLayer,
    FeedForward,
    MixtureOfExperts,
    load_balance_loss,
    masked_mean,
    unfused_attention,
)
from src.text.chars import char_ids_of, code_points_of
from src.text.surface import CHARACTER_KINDS, surface_facts

TINY = ModelConfig(
    init_from=None,
    vocab_size=60,
    d_model=32,
    num_heads=4,
    d_ff=64,
    max_tokens=32,
    window_overlap=8,
    char_vocab_size=40,
    chars_per_token=8,
    char_dim=6,
    char_filters=5,
    char_kernel_sizes=[2, 3],
    router_hidden=16,
    fast_num_layers=2,
    deep_num_layers=3,
    moe_num_layers=2,
    num_experts=4,
)
VARIANTS = {
    "base": {},
    "top2": {"experts_per_input": 2},
    "one_expert": {"num_experts": 1},
    "no_experts": {"moe_num_layers": 0},
    "no_char_cnn": {"use_char_cnn": False},
    "deep_from_fast": {"deep_input": "fast"},
    "deep_corrects_fast": {"deep_input": "fast", "deep_residual": True},
    "early_exit": {"deep_input": "fast", "router": "early_exit"},
    "no_surface": {"router_surface": False},
    "gated_characters": {"char_fusion": "gate"},
    "concatenated_characters": {"char_fusion": "concat"},
    "mean_and_maximum": {"pooling": "mean_max"},
}


def build(seed: int = 0, **changes) -> TinyGuardrail:
    """A tiny model whose weights are large enough for differences to show."""
    torch.manual_seed(seed)
    model = TinyGuardrail(replace(TINY, **changes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.mul_(4.0)
    return model


def batch_of(lengths: list[int], padded_to: int, seed: int = 1) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Random prompts: input_ids, attention_mask (B, T), char_ids (B, T, C) with 1 to C characters a token."""
    generator = torch.Generator().manual_seed(seed)
    B, C = len(lengths), TINY.chars_per_token
    mask = torch.arange(padded_to) < torch.tensor(lengths)[:, None]
    input_ids = torch.randint(1, TINY.vocab_size, (B, padded_to), generator=generator) * mask
    char_ids = torch.randint(1, TINY.char_vocab_size, (B, padded_to, C), generator=generator)
    counts = torch.randint(1, C + 1, (B, padded_to, 1), generator=generator)
    char_ids = char_ids * (torch.arange(C) < counts) * mask.unsqueeze(-1)
    return input_ids, mask.long(), char_ids


def fields_of(output) -> dict[str, torch.Tensor]:
    return {name: value for name, value in vars(output).items() if name != "balance_loss"}


@pytest.mark.parametrize("fake_quant", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_padding_and_neighbours_change_nothing(variant, fake_quant):
    model = build(**VARIANTS[variant])
    set_fake_quant(model, fake_quant)
    # another CPU may round one activation the other way; a range that sees padding is off by far more
    tolerance = 1e-3 if fake_quant else 1e-5
    lengths = [5, 17, 9]
    ids, mask, chars = batch_of(lengths, padded_to=24)
    with torch.no_grad():
        together = model(ids, mask, chars)
        for row, length in enumerate(lengths):
            alone = model(ids[row : row + 1, :length], mask[row : row + 1, :length], chars[row : row + 1, :length])
            for name, value in fields_of(alone).items():
                same_row = fields_of(together)[name][row : row + 1]
                torch.testing.assert_close(same_row, value, atol=tolerance, rtol=0, msg=lambda m, n=name: f"{n}: {m}")
    assert not torch.allclose(together.fast_logits[0], together.fast_logits[1], atol=1e-3)


@pytest.mark.parametrize("is_moe", [False, True])
def test_quantisation_ranges_never_see_padding(is_moe):
    torch.manual_seed(0)
    layer = EncoderLayer(TINY, is_moe=is_moe).eval()
    set_fake_quant(layer, True)
    hidden, mask = torch.randn(2, 9, TINY.d_model), torch.arange(9) < torch.tensor([9, 5])[:, None]
    hidden[1, 5:] = 100.0
    with torch.no_grad():
        for part in (layer._attend, lambda *args: layer.ffn(*args)[0] if is_moe else layer.ffn(*args)):
            padded, alone = part(hidden, mask)[1:, :5], part(hidden[1:, :5], mask[1:, :5])
            torch.testing.assert_close(padded, alone, atol=1e-3, rtol=0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_route_gives_each_prompt_the_answer_of_its_branch(variant):
    model = build(**VARIANTS[variant])
    ids, mask, chars = batch_of([5, 17, 9, 12], padded_to=24)
    with torch.no_grad():
        both = model(ids, mask, chars)
        threshold = float(both.p_deep.sort().values[1:3].mean())  # two prompts on either side
        routed = model.route(ids, mask, chars, threshold)
    assert routed.is_deep.sum() == 2
    torch.testing.assert_close(routed.p_deep, both.p_deep)
    is_deep = routed.is_deep[:, None]
    expected = torch.where(is_deep, both.deep_logits, both.fast_logits)
    torch.testing.assert_close(routed.logits, expected, atol=1e-5, rtol=0)
    expected = torch.where(is_deep, both.deep_family_logits, both.fast_family_logits)
    torch.testing.assert_close(routed.family_logits, expected, atol=1e-5, rtol=0)
    assert not torch.allclose(both.deep_logits, both.fast_logits, atol=1e-3)


def test_with_early_exit_the_fast_branch_sends_on_what_it_takes_for_an_attack_and_learns_nothing_from_it():
    model = build(deep_input="fast", router="early_exit").train()
    output = model(*batch_of([5, 17, 9], padded_to=20))
    torch.testing.assert_close(output.p_deep, 1 - output.fast_logits.softmax(dim=-1)[:, Label.BENIGN])
    assert not output.router_logits.requires_grad
    assert not any(name.startswith("router.") for name, _ in model.named_parameters())


@pytest.mark.parametrize(("threshold", "unused"), [(-1.0, "fast"), (2.0, "deep")])
def test_a_prompt_pays_for_one_branch_only(threshold, unused):
    model = build()
    branch = getattr(model, unused)
    branch.forward = lambda *args: pytest.fail(f"the {unused} branch ran")
    assert model.route(*batch_of([4, 6], padded_to=8), threshold).logits.shape == (2, 4)


def test_output_shapes_and_types_under_bf16():
    model = build().train()
    batch = batch_of([5, 17, 9], padded_to=24)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(*batch)
    shapes = {name: tuple(value.shape) for name, value in vars(output).items()}
    assert shapes == {
        "fast_logits": (3, 4),
        "deep_logits": (3, 4),
        "fast_family_logits": (3, 16),
        "deep_family_logits": (3, 16),
        "router_logits": (3,),
        "balance_loss": (),
    }
    assert {value.dtype for value in vars(output).values()} == {torch.float32}


def test_embeddings_may_come_back_in_bf16():
    model = build()
    ids, mask, chars = batch_of([5, 17, 9], padded_to=24)
    with torch.autocast("cpu", torch.bfloat16):
        output = model.forward_from_embeddings(model.embed(ids, mask, chars).bfloat16(), mask, chars)
    torch.testing.assert_close(output.deep_logits, model(ids, mask, chars).deep_logits, atol=0.02, rtol=0)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("fake_quant", [False, True])
def test_every_parameter_in_use_gets_a_gradient_under_bf16(variant, fake_quant):
    model = build(**VARIANTS[variant]).train()
    set_fake_quant(model, fake_quant)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(*batch_of([20] * 24, padded_to=24))
        loss = sum(value.float().square().sum() for value in vars(output).values())
    loss.backward()
    idle = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    # nobody may have chosen an expert, and softmax ignores what a key's bias adds to every score alike
    allowed = ["experts", "key.bias"]
    if variant == "one_expert":
        allowed.append("gate")  # has nothing to decide
    assert [name for name in idle if not any(part in name for part in allowed)] == []
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_gradient_checkpointing_changes_no_gradient():
    gradients = []
    for checkpointing in (False, True):
        model = build(dropout=0.1).train()
        if checkpointing:
            model.enable_gradient_checkpointing()
        torch.manual_seed(7)  # the same dropout masks
        output = model(*batch_of([5, 17, 9], padded_to=24))
        (output.fast_logits.square().sum() + output.deep_logits.square().sum() + output.balance_loss).backward()
        gradients.append({name: p.grad for name, p in model.named_parameters() if p.grad is not None})
    assert gradients[0].keys() == gradients[1].keys()
    for name, grad in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], grad)


def test_gradient_checkpointing_keeps_fewer_activations():
    def saved_bytes(checkpointing: bool) -> int:
        model, total = build().train(), 0
        if checkpointing:
            model.enable_gradient_checkpointing()

        def pack(tensor):
            nonlocal total
            total += tensor.numel() * tensor.element_size()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            model(*batch_of([24] * 4, padded_to=24))
        return total

    assert saved_bytes(True) < saved_bytes(False) / 2


def test_more_tokens_than_positions_is_refused():
    with pytest.raises(ValueError, match="at most 32 tokens, got 40"):
        build()(*batch_of([40], padded_to=40))


class TestCharCNN:
    def cnn(self, kernel_sizes: list[int]) -> CharCNN:
        torch.manual_seed(0)
        return CharCNN(vocab_size=20, char_dim=4, kernel_sizes=kernel_sizes, filters=3, d_model=5)

    def test_it_is_a_convolution(self):
        cnn = self.cnn([3])
        chars = torch.randint(1, 20, (2, 7, 6))  # full tokens: no window touches padding
        weight = cnn.convs[0].weight.view(3, 3, 4).transpose(1, 2)  # (filters, char_dim, k)
        x = cnn.embed(chars.view(14, 6)).transpose(1, 2)
        features = F.relu(F.conv1d(x, weight, cnn.convs[0].bias)).amax(-1)
        torch.testing.assert_close(cnn(chars), cnn.proj(features).view(2, 7, 5))

    def test_a_token_shorter_than_the_kernel_still_has_one_window(self):
        cnn = self.cnn([5])
        with torch.no_grad():
            cnn.convs[0].bias.zero_()
        tokens = torch.tensor([[[3, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]])
        windows = F.pad(cnn.embed(tokens[..., :1]).flatten(2), (0, 4 * 4))
        expected = F.relu(cnn.convs[0](windows))
        expected[:, 2] = 0.0
        torch.testing.assert_close(cnn(tokens), cnn.proj(expected))
        assert not torch.allclose(cnn(tokens)[0, 0], cnn(tokens)[0, 1])

    def test_a_window_that_starts_at_padding_counts_as_zero(self):
        cnn = self.cnn([2])
        with torch.no_grad():
            cnn.convs[0].bias.fill_(10.0)  # would win the max from any all-padding window
            cnn.convs[0].weight.abs_().neg_()
            cnn.embed.weight[1:].abs_()
        short = torch.tensor([[[3, 4, 0, 0, 0, 0], [5, 6, 7, 8, 9, 1]]])  # the long one makes all windows exist
        first, second = cnn.embed.weight[3], cnn.embed.weight[4]
        windows = torch.stack([torch.cat([first, second]), F.pad(second, (0, 4))])
        expected = F.relu(cnn.convs[0](windows)).amax(dim=0)
        torch.testing.assert_close(cnn(short)[0, 0], cnn.proj(expected))

    @pytest.mark.parametrize("fake_quant", [False, True])
    def test_a_long_token_elsewhere_in_the_batch_changes_nothing(self, fake_quant):
        cnn = self.cnn([2, 3, 5])
        set_fake_quant(cnn, fake_quant)
        chars = torch.tensor([[[1, 2, 3, 0, 0, 0], [5, 0, 0, 0, 0, 0]], [[7, 8, 9, 1, 2, 3], [4, 4, 4, 4, 4, 0]]])
        torch.testing.assert_close(cnn(chars)[:1], cnn(chars[:1]))

    @pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
    def test_equal_spellings_share_one_summary_and_add_their_gradients(self, dtype):
        cnn = self.cnn([2, 3])
        chars = torch.tensor([[1, 2, 3, 4], [5, 6, 0, 0], [0, 0, 0, 0]])[torch.randint(0, 3, (16, 50))]
        seen = []
        cnn.proj.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].shape[1]))
        with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
            shared = cnn(chars)
        (shared.square().sum() / 100).backward()
        gradients = [parameter.grad.clone() for parameter in cnn.parameters()]
        cnn.zero_grad()
        (torch.cat([cnn(token.view(1, 1, 4)) for token in chars.flatten(0, 1)]).square().sum() / 100).backward()
        assert seen[0] == 3 and shared.dtype == torch.float32
        tolerance = {"rtol": 1e-4, "atol": 1e-4} if dtype == torch.float32 else {"rtol": 0.05, "atol": 0.05}
        for ours, parameter in zip(gradients, cnn.parameters(), strict=True):
            torch.testing.assert_close(ours, parameter.grad, **tolerance)

    def test_character_order_matters(self):
        cnn = self.cnn([2])
        assert not torch.allclose(cnn(torch.tensor([[[1, 2, 3, 0, 0, 0]]])), cnn(torch.tensor([[[3, 2, 1, 0, 0, 0]]])))


@pytest.mark.parametrize("kernel_sizes", [[], [0, 2], [2, 9]])
def test_kernels_wider_than_a_token_are_refused(kernel_sizes):
    with pytest.raises(ConfigError, match="model.char_kernel_sizes must be widths between 1 and chars_per_token=8"):
        replace(TINY, char_kernel_sizes=kernel_sizes)


class TestMixtureOfExperts:
    def moe(self, **changes) -> MixtureOfExperts:
        torch.manual_seed(0)
        moe = MixtureOfExperts(replace(TINY, **changes))
        with torch.no_grad():
            moe.gate.weight.mul_(20.0)
        return moe

    @staticmethod
    def hidden_and_mask():
        torch.manual_seed(1)
        return torch.randn(6, 9, TINY.d_model), torch.arange(9) < torch.tensor([9, 4, 7, 1, 9, 3])[:, None]

    def reference(self, moe: MixtureOfExperts, hidden, mask, k: int):
        """Every expert on everything, then a weighted sum: slow and obvious."""
        probs = moe.gate(masked_mean(hidden, mask)).softmax(-1)
        kept = torch.zeros_like(probs).scatter(-1, probs.topk(k).indices, 1.0) * probs
        weights = kept / kept.sum(-1, keepdim=True)
        outputs = torch.stack([expert(hidden) for expert in moe.experts], dim=-1)  # (B, T, D, E)
        return outputs, weights

    @pytest.mark.parametrize("k", [1, 2, 4])
    def test_each_prompt_has_its_k_experts(self, k):
        moe = self.moe(experts_per_input=k)
        hidden, mask = self.hidden_and_mask()
        outputs, weights = self.reference(moe, hidden, mask, k)
        expected = (outputs * weights[:, None, None]).sum(-1)
        torch.testing.assert_close(moe(hidden, mask)[0], expected, atol=1e-5, rtol=0)
        assert (weights.argmax(-1)[:, None] != weights.argmax(-1)).any()  # several experts are in use

    def test_experts_without_rows_do_no_work(self):
        moe = self.moe()
        hidden, mask = self.hidden_and_mask()
        used = set(moe.gate(masked_mean(hidden, mask)).argmax(-1).tolist())
        assert len(used) < TINY.num_experts
        for index, expert in enumerate(moe.experts):
            if index not in used:
                expert.forward = lambda *args: pytest.fail("an expert that nobody chose ran")
        moe(hidden, mask)

    def test_the_top1_weight_is_one_and_its_gradient_is_that_of_log_p(self):
        moe = self.moe(num_experts=3)
        hidden, mask = self.hidden_and_mask()
        output = moe(hidden, mask)[0]
        output.sum().backward()
        gate_input = masked_mean(hidden, mask)
        log_p = moe.gate(gate_input).log_softmax(-1).amax(-1)  # (B,)
        gate_grad = torch.autograd.grad((log_p * output.detach().sum(dim=(1, 2))).sum(), moe.gate.weight)[0]
        torch.testing.assert_close(moe.gate.weight.grad, gate_grad, atol=1e-4, rtol=1e-4)
        assert gate_grad.abs().max() > 1e-3

    def test_the_balance_loss_of_padding_is_nothing(self):
        moe = self.moe()
        hidden, mask = self.hidden_and_mask()
        other = torch.where(mask.unsqueeze(-1), hidden, 100 * torch.randn_like(hidden))
        torch.testing.assert_close(moe(hidden, mask)[1], moe(other, mask)[1])


def test_load_balance_loss_by_hand():
    even = torch.full((4, 2), 0.5)
    assert load_balance_loss(even, torch.tensor([[0], [1], [0], [1]])).item() == pytest.approx(1.0)
    one_sided = torch.tensor([[1.0, 0.0]] * 4)
    assert load_balance_loss(one_sided, torch.zeros(4, 1, dtype=torch.long)).item() == pytest.approx(2.0)
    # f = (3/4, 1/4), P = (0.6, 0.4): 2 * (0.45 + 0.1)
    probs = torch.tensor([[0.6, 0.4]] * 4)
    assert load_balance_loss(probs, torch.tensor([[0], [0], [0], [1]])).item() == pytest.approx(1.1)


def test_the_feed_forward_uses_exact_gelu():
    torch.manual_seed(0)
    ffn, x = FeedForward(4, 8), torch.randn(1, 2, 4)
    inner = x @ ffn.up.weight.T + ffn.up.bias
    expected = (0.5 * inner * (1 + torch.erf(inner / 2**0.5))) @ ffn.down.weight.T + ffn.down.bias
    torch.testing.assert_close(ffn(x), expected)


def test_characters_are_fused_as_the_formulas_say():
    x, characters = torch.randn(2, 3, TINY.d_model), torch.randn(2, 3, TINY.d_model)
    fused = {name: GuardEmbeddings(replace(TINY, char_fusion=name)) for name in ("sum", "gate", "concat")}
    mixed = {name: fused[name].char_fusion(torch.cat([x, characters], dim=-1)) for name in ("gate", "concat")}
    torch.testing.assert_close(fused["sum"]._fuse(x, characters), x + characters)
    torch.testing.assert_close(fused["gate"]._fuse(x, characters), x + mixed["gate"].sigmoid() * characters)
    torch.testing.assert_close(fused["concat"]._fuse(x, characters), mixed["concat"])


def test_the_router_reads_mean_and_maximum_of_real_tokens():
    torch.manual_seed(0)
    router = Router(replace(TINY, router_surface=False))
    hidden, mask = torch.randn(2, 5, 32), torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]).bool()
    pooled = torch.cat([hidden[0, :3].mean(0), hidden[0, :3].amax(0)])
    expected = router.out(F.gelu(router.hidden(pooled)))
    torch.testing.assert_close(router(hidden, mask, torch.zeros(2, 5, 8, dtype=torch.long))[:1], expected)


def test_surface_features_are_roots_of_the_shares_of_the_text():
    text = "Abc 1!\u200b\U000e0041"
    ids = torch.from_numpy(char_ids_of(code_points_of(text.replace(" ", ""))).astype("int64"))
    chars = torch.zeros(1, 4, 6, dtype=torch.long)
    chars[0, 1, :3], chars[0, 2, :4] = ids[:3], ids[3:]  # two tokens of text after [CLS], then padding
    mask = torch.tensor([[True, True, True, False]])
    found = SurfaceFeatures(512)(chars, mask)[0]
    facts = surface_facts(text)
    expected = [getattr(facts, kind) / 7 for kind in CHARACTER_KINDS]
    torch.testing.assert_close(found[:-1] ** 2, torch.tensor(expected))
    assert found[-1].item() == pytest.approx((3 / 10) ** 0.5)


def test_a_prompt_without_characters_has_surface_features():
    found = SurfaceFeatures(512)(torch.zeros(1, 3, 6, dtype=torch.long), torch.tensor([[True, True, False]]))
    assert found[0].tolist() == [0.0] * len(CHARACTER_KINDS) + [1.0]


def test_the_router_sees_the_kinds_of_characters():
    router = Router(replace(TINY, char_vocab_size=512))
    with torch.no_grad():
        router.hidden.weight.mul_(20)
    hidden, mask = torch.zeros(2, 3, 32), torch.ones(2, 3).bool()
    chars = torch.full((2, 3, 4), ord("a") + 1)
    chars[1] = int(char_ids_of(code_points_of("\U000e0041"))[0])
    logits = router(hidden, mask, chars)
    assert abs(logits[0] - logits[1]) > 0.01


def test_initial_weights_follow_bert():
    torch.manual_seed(0)
    model = TinyGuardrail(TINY)
    assert model.embeddings.token.weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert model.deep.layers[-1].ffn.experts[0].up.weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert not model.fast.layers[0].query.bias.any()
    assert not model.embeddings.char_cnn.embed.weight[0].any()  # padding characters embed to zero
    assert model.embeddings.char_cnn.embed.weight[1:].std() > 0.5


def test_the_deep_branch_has_its_experts_last():
    kinds = [isinstance(layer.ffn, MixtureOfExperts) for layer in build().deep.layers]
    assert kinds == [False, True, True]
    assert not any(isinstance(layer.ffn, MixtureOfExperts) for layer in build().fast.layers)


def test_the_base_model_has_the_size_that_the_design_promises():
    with torch.device("meta"):  # counts without allocating
        model = TinyGuardrail(ModelConfig())
    millions = {name: sum(p.numel() for p in part.parameters()) / 1e6 for name, part in model.named_children()}
    assert millions == pytest.approx({"embeddings": 11.96, "router": 0.10, "fast": 7.11, "deep": 43.75}, abs=0.01)


def test_attention_in_steps_is_the_fused_attention_and_hides_padding():
    query, key, value = (torch.randn(3, 2, 5, 4, requires_grad=True) for _ in range(3))
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0]], dtype=torch.bool)[:, None, None]
    both = [
        function(query, key, value, attn_mask=mask)
        for function in (unfused_attention, torch.nn.functional.scaled_dot_product_attention)
    ]
    torch.testing.assert_close(both[0], both[1])
    gradients = [torch.autograd.grad(output.square().sum(), (query, key, value)) for output in both]
    for ours, fused in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, fused)
    moved = value.detach().clone()
    moved[1, :, 2:] += 100.0
    torch.testing.assert_close(unfused_attention(query, key, moved, attn_mask=mask)[1], both[0][1])


def test_a_correcting_deep_branch_sends_no_gradient_into_the_fast_heads():
    model = build(deep_input="fast", deep_residual=True)
    output = model(*batch_of([5, 9], padded_to=9))
    output.deep_logits.sum().backward()
    assert model.fast.classifier.weight.grad is None
    assert model.deep.classifier.weight.grad.abs().sum() > 0
    with torch.no_grad():
        for head in (model.deep.classifier, model.deep.family):
            head.weight.zero_(), head.bias.zero_()
        output = model(*batch_of([5, 9], padded_to=9))
    torch.testing.assert_close(output.deep_logits, output.fast_logits)
    torch.testing.assert_close(output.deep_family_logits, output.fast_family_logits)
